using CharRnn.Generators.Emission;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>
/// Rows times a 2 x 2 or a 4 x 4: several rows of L fill a register to its end, and so do those of the result. For each term a permutation
/// within the rows puts its element below every column, and a row of R lies in a register over and over.
/// </summary>
internal static class FullRows
{
    /// <summary>At most so many registers of rows are written without a loop.</summary>
    private const int MostUnrolled = 4;

    /// <summary>Rows of a register; 0 where the shape is no such one, or its last register would not be full.</summary>
    public static int Count(KernelShape shape, VectorForm form)
    {
        var (rows, inner, columns) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        if (form.IsScalar || form.IsPartial || inner != columns || inner is not (2 or 4)
            || shape.TransposeLeft || shape.TransposeRight || shape.HasStride || shape.Activation != ActivationFunction.None)
        {
            return 0;
        }

        var together = form.Lanes(shape.Element) / inner;
        return together >= 2 && rows % together == 0 ? together : 0;
    }

    public static void Write(KernelShape shape, BodyWriter body)
    {
        var (code, inner, together) = (body.Code, shape.Sizes[1], Count(shape, body.Form));
        for (var term = 0; term < inner; term++)
        {
            code.Line($"var right{term} = {OverAndOver(body, inner, AtRow("right", term, "Columns"))};");
        }

        if (body.HasBias)
        {
            code.Line($"var biases = {OverAndOver(body, inner, "bias")};");
        }

        var registers = shape.Sizes[0] / together;
        if (registers > MostUnrolled)
        {
            using (code.Block($"for (nint row = 0; row < Rows; row += {together})"))
            {
                WriteRegister("rows", "sum", "left + row * Inner", "result + row * Columns");
            }

            return;
        }

        for (var i = 0; i < registers; i++)
        {
            var number = registers == 1 ? string.Empty : $"{i}";
            WriteRegister($"rows{number}", $"sum{number}", At("left", i * body.Lanes), At("result", i * body.Lanes));
        }

        void WriteRegister(string rows, string sum, string left, string result)
        {
            code.Line($"var {rows} = {body.Load(left)};");
            code.Line($"var {sum} = {Spread(body, inner, rows, 0)} * right0;");
            for (var term = 1; term < inner; term++)
            {
                code.Line($"{sum} = {body.Form.MultiplyAdd(Spread(body, inner, rows, term), $"right{term}", sum)};");
            }

            code.Line(body.Store(body.Finish(body.Form, sum, result, "biases"), result));
        }
    }

    /// <summary>A row of two or four elements in every part of a register.</summary>
    private static string OverAndOver(BodyWriter body, int columns, string row)
    {
        var name = body.Form.Name;
        return (body.Element, columns, body.Form.Bits) switch
        {
            (ElementType.Single, 2, _) => $"{name}.Create(*(double*)({row})).AsSingle()",
            (ElementType.Single, 4, 512) => $"global::System.Runtime.Intrinsics.X86.Avx512F.BroadcastVector128ToVector512({row})",
            (ElementType.Double, 2, 512) => $"global::System.Runtime.Intrinsics.X86.Avx512DQ.BroadcastVector128ToVector512({row})",
            // .NET 10.0.12 reads BroadcastVector256ToVector512(p + 4) at p + 8: the offset is counted in halves of what the instruction says.
            (ElementType.Double, 4, 512) => $"Vector512.Create({VectorForm.Vector256.Load(row)}, {VectorForm.Vector256.Load(row)})",
            _ => $"{name}.Create(Vector128.Load({row}))",
        };
    }

    /// <summary>One element of each row in all lanes of that row.</summary>
    private static string Spread(BodyWriter body, int inner, string rows, int term)
    {
        var lanes = Enumerable.Range(0, body.Lanes).Select(lane => (lane / inner * inner) + term);
        if (body.Form.Bits < 512)
        {
            var number = body.Element == ElementType.Single ? string.Empty : "L";
            return $"{body.Form.Name}.Shuffle({rows}, {body.Form.Name}.Create({string.Join(", ", lanes.Select(lane => $"{lane}{number}"))}))";
        }

        // The general permutation of 512 bits would take its order from memory; those within 128 or 256 bits have it in the instruction.
        string[] places = ["00", "01", "10", "11"];
        var (instruction, order) = (body.Element, inner) switch
        {
            (ElementType.Single, 2) => ("Permute4x32", term == 0 ? "10_10_00_00" : "11_11_01_01"),
            (ElementType.Double, 2) => ("Permute2x64", term == 0 ? "0000_0000" : "1111_1111"),
            _ => (body.Element == ElementType.Single ? "Permute4x32" : "Permute4x64", string.Join("_", Enumerable.Repeat(places[term], 4))),
        };
        return $"global::System.Runtime.Intrinsics.X86.Avx512F.{instruction}({rows}, 0b{order})";
    }
}
