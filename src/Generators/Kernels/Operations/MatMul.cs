using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>
/// L R. The right side, walked along its rows, is what registers are loaded from. When only the right side is transposed,
/// both sides lie along the inner dimension: then each element is a dot. When both are, the transposed product R' L' is
/// computed, whose right side is L' as stored, and each tile is turned as it is stored.
/// </summary>
internal sealed class MatMul : Operation
{
    public override string[] SizeNames => ["rows", "inner", "columns"];

    public override Operand[] Operands(KernelShape shape)
    {
        var (rows, inner, columns) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        return
        [
            shape.TransposeLeft ? new("left", inner, rows, RowStride: shape.LeftRowStride) : new("left", rows, inner, RowStride: shape.LeftRowStride),
            shape.TransposeRight ? new("right", columns, inner, RowStride: shape.RightRowStride) : new("right", inner, columns, RowStride: shape.RightRowStride),
            .. Bias(shape, columns),
            new("result", rows, columns, IsResult: true, RowStride: shape.ResultRowStride),
        ];
    }

    protected override (string Operand, string[] Names)[] OtherNames =>
        [("left", ["a", "l"]), ("right", ["b", "r"]), ("result", ["c", "output", "destination"])];

    public override string Formula(KernelShape shape) => $"L{(shape.TransposeLeft ? "'" : string.Empty)} R{(shape.TransposeRight ? "'" : string.Empty)}";

    protected override (Operation Operation, KernelShape Shape, int[] Order) Renamed(KernelShape shape)
    {
        var (rows, inner, columns) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2]);
        return (rows, inner, columns) switch
        {
            (_, 1, _) => Outer(),
            (_, _, 1) => shape.TransposeLeft ? Transposed(inner, rows, 0, 1) : Dots(rows, inner, 0, 1),
            (1, _, _) => shape.TransposeRight ? Dots(columns, inner, 1, 0) : Transposed(inner, columns, 1, 0),
            _ => base.Renamed(shape),
        };

        // Each of these may have a side of one itself.
        (Operation Operation, KernelShape Shape, int[] Order) Then((Operation Operation, KernelShape Shape, int[] Order) same)
        {
            var (operation, then, order) = same.Operation.Same(same.Shape);
            return (operation, then, [.. order.Select(operand => same.Order[operand])]);
        }

        (Operation, KernelShape, int[]) Outer() => Then(As<OuterProduct>(shape, [rows, columns], 0, 1, 2));
        (Operation, KernelShape, int[]) Dots(int height, int width, int matrix, int vector) => Then(As<MatVec>(shape, [height, width], matrix, vector, 2));
        (Operation, KernelShape, int[]) Transposed(int height, int width, int matrix, int vector) => Then(As<MatVecTransposed>(shape, [height, width], matrix, vector, 2));
    }

    public override (string Property, string Operand)[] StrideNames => [(LeftRowStride, "left"), (RightRowStride, "right"), (ResultRowStride, "result")];

    public override (string Name, int Value)[] Strides(KernelShape shape) =>
        [.. new[] { (LeftRowStride, shape.LeftRowStride), (RightRowStride, shape.RightRowStride), (ResultRowStride, shape.ResultRowStride) }.Where(stride => stride.Item2 > 0)];

    public override int Terms(KernelShape shape) => shape.Sizes[1];

    public override int VectorizedLength(KernelShape shape) => IsDots(shape) || IsThin(shape) ? shape.Sizes[1] : shape.Sizes[IsTurned(shape) ? 0 : 2];

    protected override bool MayTakeFewerLanes(KernelShape shape) => !(IsDots(shape) || IsThin(shape)) || IsOneRegisterAndMore(shape, shape.Sizes[1]);

    public override string Describe(KernelShape shape, VectorForm form)
    {
        if (IsPacked(shape, form))
        {
            return $"{Math.Max(FullRows.Count(shape, form), PackedRows.Count(shape, form))} rows at a time in one register";
        }

        if (IsDots(shape) || IsThin(shape))
        {
            var dots = DotTilePlan.For(shape.Sizes[0], shape.Sizes[1], shape.Sizes[2], shape.Element, form);
            return $"Tiles of {dots.Rows} x {dots.Columns} dots along {Count(shape.Sizes[1], "element")}" + (IsThin(shape) ? ", after R is transposed" : string.Empty);
        }

        var plan = Plan(shape, form);
        var tiles = plan.Panels.Panels.SelectMany((panel, index) => plan.Rows[index].Select(rows =>
            (rows.Count * panel.Count == 1 ? string.Empty : $"{rows.Count * panel.Count} of ") + $"{rows.Size} x {panel.Registers}" + (panel.Tail > 0 ? " (the last register overlapping)" : string.Empty)));
        return $"Tiles of rows x {(form.IsScalar ? "elements" : "registers")}: {string.Join(", ", tiles)}" + (IsTurned(shape) ? ", turned as they are stored" : string.Empty);
    }

    protected override bool IsPacked(KernelShape shape, VectorForm form) => FullRows.Count(shape, form) > 0 || PackedRows.Count(shape, form) > 0;

    public override void WriteBody(KernelShape shape, BodyWriter body, List<Action> later)
    {
        if (FullRows.Count(shape, body.Form) > 0)
        {
            FullRows.Write(shape, body);
            return;
        }

        if (PackedRows.Count(shape, body.Form) > 0)
        {
            PackedRows.Write(shape, body);
            return;
        }

        if (IsThin(shape))
        {
            body.Code.Line($"var columns = stackalloc {body.Element.Keyword()}[Columns * Inner];");
            using (body.Code.Block("for (var k = 0; k < Inner; k++)"))
            {
                for (var column = 0; column < shape.Sizes[2]; column++)
                {
                    body.Code.Line($"columns[{(column == 0 ? "k" : $"{AtRow("k", column, "Inner")}")}] = {(column == 0 ? "*right" : $"right[{column}]")};");
                }

                body.Code.Line($"right += {RightStride(shape)};");
            }

            body.Code.Line();
            WriteDots(shape, body, later, ("columns", "Inner"));
            return;
        }

        if (IsDots(shape))
        {
            WriteDots(shape, body, later, ("right", RightStride(shape)));
            return;
        }

        // The tile's left side gives the broadcast element, its right side the registers; turned, they change places.
        var plan = Plan(shape, body.Form);
        var turned = IsTurned(shape);
        var (left, leftRow, leftStep) = turned ? ("right", RightStride(shape), "1") : shape.TransposeLeft ? ("left", "1", LeftStride(shape)) : ("left", LeftStride(shape), "1");
        var (right, stride) = turned ? ("left", LeftStride(shape)) : ("right", RightStride(shape));
        for (var p = 0; p < plan.Panels.Panels.Count; p++)
        {
            var panel = plan.Panels.Panels[p];
            using var columns = Loop(body, "column", panel.Start, panel.Registers * plan.Panels.Lanes, panel.Count);
            foreach (var rows in plan.Rows[p])
            {
                var column = Index("column", panel.Start, panel.Count);
                var row = Index("row", rows.Start, rows.Count);
                var tile = new Tile(rows.Size, panel, TilePlan.Chains(rows.Size * panel.Registers, shape.Sizes[1]), shape.Sizes[1], (left, leftRow, leftStep), (right, stride));
                var method = $"Tile{rows.Size}x{panel.Registers}{(panel.Tail > 0 ? "Overlapping" : string.Empty)}_{body.Suffix}";
                var result = turned ? $"result{Times(column, ResultStride(shape))}{row}" : $"result{Times(row, ResultStride(shape))}{column}";
                using (Loop(body, "row", rows.Start, rows.Size, rows.Count))
                {
                    body.Code.Line(
                        $"{method}({left}{(leftRow == "1" ? row : Times(row, leftRow))}, {right}{column}{body.BiasArgument(turned ? row : column)}, {result}{body.ScaleArgument});");
                }

                later.Add(() => WriteTile(body, plan.Panels, tile, method, turned, ResultStride(shape)));
            }
        }
    }

    /// <summary>
    /// A few columns and a long inner dimension: R is transposed first, and then the registers lie along the inner dimension instead of a row that
    /// does not fill them. Counted in multiply-adds for a row of L: those of the dots in 256 bits, one and a half for the sum of each dot's lanes and
    /// a row's share of the transposition, against one for each register of R's rows (<c>bench -- sweep</c>: 2 to 7 and 9 to 12 columns of float beside
    /// 100, not 8). With 512 bits 8 would be thin too where they take no longer than 256, and slower than they are where they do.
    /// </summary>
    private static bool IsThin(KernelShape shape)
    {
        var (rows, inner, columns, lanes) = (shape.Sizes[0], shape.Sizes[1], shape.Sizes[2], VectorForm.Vector256.Lanes(shape.Element));
        if (shape.TransposeRight || shape.TransposeLeft || shape.IsInlined || rows < 4 || inner < lanes || (long)inner * columns * shape.Element.Size() > MostStack)
        {
            return false;
        }

        // Rows of two and three floats have registers of their own.
        var width = Math.Min(lanes, columns) switch { >= 8 => 8, >= 4 => 4, 3 when shape.Element == ElementType.Single => 3, >= 2 => 2, _ => 1 };
        var dots = (columns * (((inner + lanes - 1) / lanes) + 1.5)) + ((double)inner * columns / rows);
        return dots < inner * ((columns + width - 1) / width);
    }

    /// <summary>Bytes of the stack that a transposed R may take.</summary>
    private const int MostStack = 16_384;

    public override bool TakesStack(KernelShape shape, VectorForm form) => IsThin(shape);

    private const string LeftRowStride = "LeftRowStride";
    private const string RightRowStride = "RightRowStride";
    private const string ResultRowStride = "ResultRowStride";

    /// <summary>How emitted code calls the distance between the rows of the left side as stored.</summary>
    private static string LeftStride(KernelShape shape) => shape.LeftRowStride > 0 ? LeftRowStride : shape.TransposeLeft ? "Rows" : "Inner";

    private static string RightStride(KernelShape shape) => shape.RightRowStride > 0 ? RightRowStride : shape.TransposeRight ? "Inner" : "Columns";

    private static string ResultStride(KernelShape shape) => shape.ResultRowStride > 0 ? ResultRowStride : "Columns";

    private static bool IsDots(KernelShape shape) => shape.TransposeRight && !shape.TransposeLeft;

    private static bool IsTurned(KernelShape shape) => shape.TransposeRight && shape.TransposeLeft;

    private static TilePlan Plan(KernelShape shape, VectorForm form)
    {
        var (rows, columns) = IsTurned(shape) ? (shape.Sizes[2], shape.Sizes[0]) : (shape.Sizes[0], shape.Sizes[2]);
        return TilePlan.For(rows, columns, shape.Element, form);
    }

    private static CodeWriter.Scope? Loop(BodyWriter body, string variable, int start, int step, int count) =>
        count == 1 ? null : body.Code.Block($"for (nint {variable} = {start}; {variable} < {start + (step * count)}; {variable} += {step})");

    /// <summary>What is added to a pointer: the loop's variable, a constant, or nothing.</summary>
    private static string Index(string variable, int start, int count) => count > 1 ? $" + {variable}" : At(string.Empty, start);

    private static string Times(string index, string stride) => index.Length == 0 ? string.Empty : $"{index} * {stride}";

    private static void WriteTile(BodyWriter body, PanelPlan panels, Tile tile, string method, bool turned, string stride)
    {
        var code = body.Code;
        var element = body.Element.Keyword();
        var (left, right) = ("left", "right");
        code.Line(body.Optimized);
        if (turned)
        {
            code.Line("[SkipLocalsInit]");
            (left, right) = ("right", "left");
        }

        using (code.Block($"private static void {method}({element}* {left}, {element}* {right}{body.BiasParameter}, {element}* result{body.ScaleParameter})"))
        {
            TileWriter.WriteSums(body, panels, tile);
            code.Line();
            if (!turned)
            {
                for (var row = 0; row < tile.Rows; row++)
                {
                    var r = row;
                    if (body.Form == VectorForm.Triples && row < tile.Rows - 1 && !body.ReadsMore && stride == "Columns")
                    {
                        // What this writes past the row's end, the next row overwrites.
                        body.Code.Line(body.StoreResult(VectorForm.Vector128, TileWriter.Sum(tile, row, 0), AtRow("result", row, stride)));
                        continue;
                    }

                    TileWriter.WriteRow(body, panels, tile.Panel, AtRow("result", row, stride), register => TileWriter.Sum(tile, r, register));
                }

                return;
            }

            var width = panels.Width(tile.Panel);
            code.Line($"var turned = stackalloc {element}[{tile.Rows * width}];");
            for (var row = 0; row < tile.Rows; row++)
            {
                for (var register = 0; register < tile.Panel.Registers; register++)
                {
                    code.Line(body.Store(TileWriter.Sum(tile, row, register), At("turned", (row * width) + panels.Offset(tile.Panel, register))));
                }
            }

            code.Line();
            using (code.Block($"for (var row = 0; row < {width}; row++)"))
            {
                for (var column = 0; column < tile.Rows; column++)
                {
                    code.Line(body.StoreResult(VectorForm.Scalar, $"turned[{At("row", column * width)}]", At("result", column)));
                }

                code.Line($"result += {stride};");
            }
        }
    }

    private static void WriteDots(KernelShape shape, BodyWriter body, List<Action> later, (string Name, string Stride) right)
    {
        var plan = DotTilePlan.For(shape.Sizes[0], shape.Sizes[1], shape.Sizes[2], shape.Element, body.Form);
        var written = new HashSet<string>();
        foreach (var (columnStart, columns, columnCount) in plan.ColumnRuns)
        {
            using var columnLoop = Loop(body, "column", columnStart, columns, columnCount);
            foreach (var (rowStart, rows, rowCount) in plan.RowRuns)
            {
                var column = Index("column", columnStart, columnCount);
                var row = Index("row", rowStart, rowCount);
                var method = $"Dots{rows}x{columns}_{body.Suffix}";
                using (Loop(body, "row", rowStart, rows, rowCount))
                {
                    body.Code.Line($"{method}(left{Times(row, LeftStride(shape))}, {right.Name}{Times(column, right.Stride)}{body.BiasArgument(column)}, result{Times(row, ResultStride(shape))}{column}{body.ScaleArgument});");
                }

                if (written.Add(method))
                {
                    later.Add(() => DotTileWriter.Write(body, plan, rows, columns, method, (LeftStride(shape), right.Stride, ResultStride(shape))));
                }
            }
        }
    }
}
