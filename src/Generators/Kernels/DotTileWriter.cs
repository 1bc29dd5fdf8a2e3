using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels;

/// <summary>Writes one tile of dots: rows of the left side with rows of the (transposed) right side.</summary>
internal static class DotTileWriter
{
    /// <summary>At most this many multiply-adds are written without a loop.</summary>
    private const int MostUnrolled = 64;

    public static void Write(BodyWriter body, DotTilePlan plan, int rows, int columns, string method, (string Left, string Right, string Result) strides)
    {
        var code = body.Code;
        var element = body.Element.Keyword();
        var inner = (plan.Full * plan.Lanes) + plan.Tail;
        var declared = new HashSet<string>();
        string Assign(string name) => declared.Add(name) ? $"var {name}" : name;
        static string Sum(int row, int column) => $"sum{row}_{column}";

        void Step(string offset, bool isFirst, string mask)
        {
            for (var column = 0; column < columns; column++)
            {
                code.Line($"{Assign($"right{column}")} = {body.Load(AtRow($"right{offset}", column, strides.Right))}{mask};");
            }

            for (var row = 0; row < rows; row++)
            {
                code.Line($"{Assign("x")} = {body.Load(AtRow($"left{offset}", row, strides.Left))}{mask};");
                for (var column = 0; column < columns; column++)
                {
                    code.Line(isFirst
                        ? $"var {Sum(row, column)} = x * right{column};"
                        : $"{Sum(row, column)} = {body.Form.MultiplyAdd("x", $"right{column}", Sum(row, column))};");
                }
            }
        }

        code.Line(body.Optimized);
        using (code.Block($"private static void {method}({element}* left, {element}* right{body.BiasParameter}, {element}* result{body.ScaleParameter})"))
        {
            var isUnrolled = plan.Full * rows * columns <= MostUnrolled;
            if (isUnrolled)
            {
                for (var v = 0; v < plan.Full; v++)
                {
                    Step(At(string.Empty, v * plan.Lanes), v == 0, string.Empty);
                }
            }
            else
            {
                for (var row = 0; row < rows; row++)
                {
                    for (var column = 0; column < columns; column++)
                    {
                        code.Line($"var {Sum(row, column)} = {body.Form.Zero(body.Element)};");
                    }
                }

                using (code.Block($"for (nint k = 0; k < {plan.Full * plan.Lanes}; k += {plan.Lanes})"))
                {
                    Step(" + k", false, string.Empty);
                }

                code.Line();
                declared.Clear();
            }

            if (plan.Tail > 0)
            {
                // The loop above has variables of the same names.
                using (isUnrolled ? null : (CodeWriter.Scope?)code.Block(string.Empty))
                {
                    body.DeclareTailMask(plan.Tail);
                    Step($" + {inner - plan.Lanes}", false, " & tailMask");
                }
            }

            Reduce(body, plan, rows, columns, Sum, strides.Result);
        }
    }

    /// <summary>Four dots of a row become one register of four elements; fewer are reduced one by one.</summary>
    private static void Reduce(BodyWriter body, DotTilePlan plan, int rows, int columns, Func<int, int, string> sum, string stride)
    {
        var lanes = body.Form.Whole.Lanes(body.Element);
        var code = body.Code;
        if (columns == plan.AllColumns && stride == "Columns" && !body.Form.IsScalar && !body.HasBias && (columns < 4 || (rows * columns) % lanes == 0))
        {
            // The tile is as wide as the result: its rows follow one another.
            body.StoreSums([.. Enumerable.Range(0, rows * columns).Select(i => sum(i / columns, i % columns))], "result");
            return;
        }

        if (columns < 4 || body.Form.IsScalar)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    code.Line(body.StoreResult(VectorForm.Scalar, body.Form.Sum(sum(row, column)), At(AtRow("result", row, stride), column)));
                }
            }

            return;
        }

        // The register that holds four elements; narrower than that, a row takes several stores.
        var four = VectorForm.All.Last(form => form.Lanes(body.Element) >= Math.Min(4, lanes));
        var rowsAtOnce = Math.Max(1, lanes / 4);
        for (var row = 0; row < rows;)
        {
            var group = lanes > 4 && rows - row >= rowsAtOnce ? rowsAtOnce : 1;
            var names = Enumerable.Range(0, group * 4).Select(i => sum(row + (i / 4), i % 4)).ToArray();
            if (group == rowsAtOnce && lanes >= 4)
            {
                code.Line($"var dots{row} = RowSums.Of({string.Join(", ", names)});");
                for (var part = 0; part < group; part++)
                {
                    code.Line(body.StoreResult(four, Part($"dots{row}", body.Form.Whole, four, part), AtRow("result", row + part, stride)));
                }
            }
            else if (lanes < 4)
            {
                for (var column = 0; column < 4; column += lanes)
                {
                    code.Line(body.StoreResult(four, $"RowSums.Of({string.Join(", ", names.Skip(column).Take(lanes))})", At(AtRow("result", row, stride), column)));
                }
            }
            else
            {
                var form = body.Form.Whole;
                while (form != four)
                {
                    form = VectorForm.All[Array.IndexOf(VectorForm.All, form) + 1];
                    foreach (var name in names)
                    {
                        code.Line($"var {name}_{form.Bits} = {Wider(name, form)}.GetLower() + {Wider(name, form)}.GetUpper();");
                    }
                }

                code.Line(body.StoreResult(four, $"RowSums.Of({string.Join(", ", names.Select(name => $"{name}_{four.Bits}"))})", AtRow("result", row, stride)));
            }

            row += group;
        }

        string Wider(string name, VectorForm form)
        {
            var wider = VectorForm.All[Array.IndexOf(VectorForm.All, form) - 1];
            return wider == body.Form.Whole ? name : $"{name}_{wider.Bits}";
        }
    }

    /// <summary>Part <paramref name="part"/> of a register, as wide as <paramref name="narrow"/>.</summary>
    private static string Part(string register, VectorForm wide, VectorForm narrow, int part)
    {
        var expression = register;
        for (var bits = wide.Bits; bits > narrow.Bits; bits /= 2)
        {
            var half = bits / 2 / narrow.Bits;
            expression += part / half % 2 == 0 ? ".GetLower()" : ".GetUpper()";
        }

        return expression;
    }
}
