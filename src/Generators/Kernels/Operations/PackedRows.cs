using CharRnn.Generators.Emission;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>
/// Many short rows times a small matrix (points through a 3 x 3): several rows of L lie in one register, and for each term a permutation puts its
/// element below every column of its row. A row at a time would load each element of L by itself and store a fraction of a register.
/// </summary>
internal static class PackedRows
{
    private const int MostTerms = 4;

    /// <summary>Fewer rows do not pay for R's registers.</summary>
    private const int FewestGroups = 8;

    /// <summary>Rows of a register; 0 where the shape is no such one. What is added to would be read past a row's end.</summary>
    public static int Count(KernelShape shape, VectorForm form)
    {
        var (rows, inner, columns) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        if (form.IsPartial || form.Bits < (shape.Element == ElementType.Single ? 256 : 512) || inner < 2 || inner > MostTerms || columns is < 2 or > 4
            || shape.TransposeLeft || shape.TransposeRight || shape.HasStride || shape.Accumulate || shape.Activation != ActivationFunction.None)
        {
            return 0;
        }

        var lanes = form.Lanes(shape.Element);
        var packed = Math.Min(lanes / inner, lanes / columns);
        return packed >= 2 && rows >= FewestGroups * packed ? packed : 0;
    }

    public static void Write(KernelShape shape, BodyWriter body)
    {
        var (rows, inner, columns) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        var (lanes, packed) = (body.Lanes, Count(shape, body.Form));
        var code = body.Code;
        code.Line("// A row of R, over and over; and where a row's element of L lies in a register of rows.");
        for (var term = 0; term < inner; term++)
        {
            code.Line($"var right{term} = {OverAndOver(AtRow("right", term, "Columns"))};");
        }

        if (body.HasBias)
        {
            code.Line($"var biases = {OverAndOver("bias")};");
        }

        WriteOrders("order", 0, 0);

        // As many groups as may read and write a whole register; what a group writes past its last row, the next one overwrites.
        var groups = Math.Min(((rows * inner) - lanes) / (packed * inner), ((rows * columns) - lanes) / (packed * columns)) + 1;
        using (code.Block($"for (nint row = 0; row < {groups * packed}; row += {packed})"))
        {
            code.Line($"var rows = {body.Load("left + row * Inner")};");
            WriteSum("sum", "right", "order");
            code.Line(body.Store(body.Finish(body.Form, "sum", "result + row * Columns", "biases"), "result + row * Columns"));
        }

        for (var start = groups * packed; start < rows; start += packed)
        {
            // The last rows: the register begins earlier, so as to end where the matrix ends, and what is there already stays.
            var first = Math.Min(start, rows - packed);
            var (from, to) = (Math.Min(first * inner, (rows * inner) - lanes), Math.Min(first * columns, (rows * columns) - lanes));
            var (leftShift, resultShift) = ((first * inner) - from, (first * columns) - to);
            code.Line();
            using (code.Block(string.Empty))
            {
                code.Line($"var isNew = {body.Form.Name}.Create({string.Join(", ", Enumerable.Range(0, lanes).Select(lane => lane >= resultShift && lane < resultShift + (packed * columns) ? Number(body, -1) : Number(body, 0)))}).As{body.Element}();");
                code.Line($"var rows = {body.Load(At("left", from))};");
                WriteOrders("lastOrder", leftShift, resultShift);
                for (var term = 0; term < inner; term++)
                {
                    code.Line($"var lastRight{term} = {Turned($"right{term}", resultShift)};");
                }

                if (body.HasBias)
                {
                    code.Line($"var lastBiases = {Turned("biases", resultShift)};");
                }

                WriteSum("sum", "lastRight", "lastOrder");
                code.Line(body.Store($"{body.Form.Name}.ConditionalSelect(isNew, {body.Finish(body.Form, "sum", At("result", to), "lastBiases")}, {body.Load(At("result", to))})", At("result", to)));
            }
        }

        // A short row in every part of a register.
        string OverAndOver(string row)
        {
            var half = (body.Element, columns) switch
            {
                (ElementType.Single, 2) => $"{VectorForm.Pairs.Load(row)}.ToVector256Unsafe()",
                (ElementType.Single, 3) => $"{VectorForm.Triples.Load(row)}.ToVector256Unsafe()",
                (ElementType.Double, 3) => $"Vector256.Create(*({row}), *({row} + 1), *({row} + 2), 0)",
                (ElementType.Double, 4) => VectorForm.Vector256.Load(row),
                _ => $"{VectorForm.Vector128.Load(row)}.ToVector256Unsafe()",
            };
            return Permute(body, $"{half}{(body.Form.Bits == 512 ? ".ToVector512Unsafe()" : string.Empty)}", Lanes(body, lane => lane % columns));
        }

        // The same, for results that begin some lanes later.
        string Turned(string repeated, int shift) => Permute(body, repeated, Lanes(body, lane => (lane - shift + (columns * lanes)) % columns));

        void WriteOrders(string name, int leftShift, int resultShift)
        {
            for (var term = 0; term < inner; term++)
            {
                var t = term;
                code.Line($"var {name}{term} = {Lanes(body, lane => lane < resultShift || lane >= resultShift + (packed * columns) ? 0 : leftShift + ((lane - resultShift) / columns * inner) + t)};");
            }
        }

        void WriteSum(string sum, string right, string order)
        {
            for (var term = 0; term < inner; term++)
            {
                var element = Permute(body, "rows", $"{order}{term}");
                code.Line(term == 0 ? $"var {sum} = {element} * {right}{term};" : $"{sum} = {body.Form.MultiplyAdd(element, $"{right}{term}", sum)};");
            }
        }
    }

    private static string Lanes(BodyWriter body, Func<int, int> index) =>
        $"{body.Form.Name}.Create({string.Join(", ", Enumerable.Range(0, body.Lanes).Select(lane => Number(body, index(lane))))})";

    /// <summary>A whole number of as many bits as an element.</summary>
    private static string Number(BodyWriter body, int value) => body.Element == ElementType.Single ? $"{value}" : $"{value}L";

    private static string Permute(BodyWriter body, string value, string order) =>
        $"global::System.Runtime.Intrinsics.X86.{(body.Element == ElementType.Double ? "Avx512F.PermuteVar8x64" : body.Form.Bits == 512 ? "Avx512F.PermuteVar16x32" : "Avx2.PermuteVar8x32")}({value}, {order})";
}
