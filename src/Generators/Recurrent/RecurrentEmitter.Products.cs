using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>The products over all time steps at once, in register tiles: O = H V' + c and dH = G V.</summary>
internal sealed partial class RecurrentEmitter
{
    /// <summary>Up to this many panels are called one by one; more, in a loop.</summary>
    private const int MostPanelCalls = 8;

    /// <summary>One product: what its tiles step by. The left side is read an element at a time, the right a register.</summary>
    private sealed record Product(string Name, string LeftRowStride, string Stride, string Depth, string Columns, Tiling? Tiling);

    private void WriteProducts()
    {
        var logits = new Product("Logits", "HiddenStride", "VocabularyStride", "HiddenSize", "VocabularyStride", _plan?.Logits);
        var gradient = new Product("HiddenGradient", "VocabularyStride", "HiddenStride", "VocabularySize", "HiddenStride", _plan?.HiddenGradient);

        Summary("O = H V' + c, rows t, columns k.");
        using (_code.Block($"protected override void Logits({_element}* VT, {_element}* c, {_element}* h, {_element}* o, int steps)"))
        {
            WriteProductPanels(logits, "h + HiddenStride", "VT", "c", "o");
        }

        Summary("dH = G V, rows t, columns j.");
        using (_code.Block($"protected override void HiddenGradient({_element}* V, {_element}* g, {_element}* dh, int steps)"))
        {
            WriteProductPanels(gradient, "g", "V", "null", "dh");
        }

        foreach (var product in IsFixed ? (Product[])[logits, gradient] : [logits with { Name = "Product" }])
        {
            foreach (var columns in PanelWidths(product.Tiling, TilePlan.MostColumns(_form)))
            {
                WriteProductPanel(product, columns);
                for (var rows = 1; rows <= TilePlan.MostTileRows(_form, columns); rows++)
                {
                    WriteProductTile(product, rows, columns);
                }
            }
        }
    }

    private static IEnumerable<int> PanelWidths(Tiling? tiling, int most) => tiling?.Panels.Distinct() ?? Enumerable.Range(1, most);

    /// <summary>
    /// Calls a panel method for each group of registers; the split is the plan's, at build time or at run time.
    /// <paramref name="call"/> gets the group's width and the number of its first register.
    /// </summary>
    private void WritePanelCalls(Tiling? tiling, int most, string runTimeRegisters, Func<string, string, string> call)
    {
        if (tiling is not null && tiling.Panels.Count <= MostPanelCalls)
        {
            var start = 0;
            foreach (var width in tiling.Panels)
            {
                _code.Line(call($"{width}", $"{start}"));
                start += width;
            }

            return;
        }

        if (tiling is not null)
        {
            var (wide, narrow) = (tiling.Panels[0], tiling.Panels[tiling.Panels.Count - 1]);
            _code.Line("nint start = 0;");
            using (_code.Block($"for (; start < {wide * tiling.Panels.Count(width => width == wide)}; start += {wide})"))
            {
                _code.Line(call($"{wide}", "start"));
            }

            if (narrow < wide)
            {
                using (_code.Block($"for (; start < {tiling.Panels.Sum()}; start += {narrow})"))
                {
                    _code.Line(call($"{narrow}", "start"));
                }
            }

            return;
        }

        _code.Line($"var registers = (int)({runTimeRegisters});");
        _code.Line($"var panels = (registers + {most - 1}) / {most};");
        _code.Line("nint start = 0;");
        using (_code.Block("for (var panel = 0; panel < panels; panel++)"))
        {
            _code.Line("var width = registers / panels + (panel < registers % panels ? 1 : 0);");
            using (_code.Block("switch (width)"))
            {
                for (var width = 1; width <= most; width++)
                {
                    _code.Line($"case {width}: {call($"{width}", "start")} break;");
                }
            }

            _code.Line("start += width;");
        }
    }

    /// <summary>A pointer that many strides on.</summary>
    private static string Advanced(string pointer, string count, string stride) => count == "0" ? pointer : $"{pointer} + {count} * {stride}";

    private void WriteProductPanels(Product product, string left, string right, string bias, string output) =>
        WritePanelCalls(product.Tiling, TilePlan.MostColumns(_form), $"{product.Columns} / {_lanes}", (width, register) =>
        {
            string Start(string pointer) => Advanced(pointer, register, $"{_lanes}");
            var name = IsFixed ? product.Name : "Product";
            var sizes = IsFixed ? string.Empty : $", {product.LeftRowStride}, {product.Stride}, {product.Depth}";
            return $"{name}Panel{width}({left}, {Start(right)}, {(bias == "null" ? bias : Start(bias))}, {Start(output)}, steps{sizes});";
        });

    private string ProductSizes => IsFixed ? string.Empty : ", nint leftStride, nint stride, int depth";

    private void WriteProductPanel(Product product, int columns)
    {
        var most = TilePlan.MostTileRows(_form, columns);
        var (leftStride, stride) = IsFixed ? (product.LeftRowStride, product.Stride) : ("leftStride", "stride");
        var sizes = IsFixed ? string.Empty : ", leftStride, stride, depth";
        _code.Line();
        using (_code.Block($"private static void {product.Name}Panel{columns}({_element}* left, {_element}* right, {_element}* bias, {_element}* output, int rows{ProductSizes})"))
        {
            WriteRowSplit("rows", most, Enumerable.Range(1, most), count =>
                $"{product.Name}Tile{count}x{columns}(left, right, bias, output{sizes}); break;",
                count => [$"left += {count} * {leftStride};", $"output += {count} * {stride};"]);
        }
    }

    /// <summary>A run-time number of rows in equal tiles, larger first.</summary>
    private void WriteRowSplit(string rows, int most, IEnumerable<int> counts, Func<string, string> call, Func<string, string[]> advance)
    {
        _code.Line($"var tiles = ({rows} + {most - 1}) / {most};");
        using (_code.Block("for (var tile = 0; tile < tiles; tile++)"))
        {
            _code.Line($"var count = {rows} / tiles + (tile < {rows} % tiles ? 1 : 0);");
            using (_code.Block("switch (count)"))
            {
                foreach (var count in counts)
                {
                    _code.Line($"case {count}: {call($"{count}")}");
                }
            }

            foreach (var line in advance("count"))
            {
                _code.Line(line);
            }
        }
    }

    private void WriteProductTile(Product product, int rows, int columns)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void {product.Name}Tile{rows}x{columns}({_element}* left, {_element}* right, {_element}* bias, {_element}* output{ProductSizes})"))
        {
            for (var v = 0; v < columns; v++)
            {
                _code.Line($"var sum0_{v} = bias == null ? {Zero} : {Load(At("bias", v * _lanes))};");
            }

            for (var r = 1; r < rows; r++)
            {
                for (var v = 0; v < columns; v++)
                {
                    _code.Line($"var sum{r}_{v} = sum0_{v};");
                }
            }

            var stride = IsFixed ? product.Stride : "stride";
            WriteLeftPointers(rows);
            using (_code.Block($"for (var k = 0; k < {(IsFixed ? product.Depth : "depth")}; k++)"))
            {
                WriteTileStep(rows, columns, again: false, r => _form.Broadcast(IsFixed ? (r == 0 ? "*left" : $"left[{r} * {product.LeftRowStride}]") : LeftElement(r)));
                _code.Line("left++;");
                if (!IsFixed)
                {
                    for (var r = 4; r < rows; r += 4)
                    {
                        _code.Line($"left{r}++;");
                    }
                }

                _code.Line($"right += {stride};");
            }

            _code.Line();
            for (var r = 0; r < rows; r++)
            {
                for (var v = 0; v < columns; v++)
                {
                    _code.Line($"{_form.Store($"sum{r}_{v}", At(r == 0 ? "output" : $"output + {r} * {stride}", v * _lanes))};");
                }
            }
        }
    }

    private void WriteLeftPointers(int rows)
    {
        if (IsFixed)
        {
            return;
        }

        if (rows > 2)
        {
            _code.Line("var leftStride2 = 2 * leftStride;");
        }

        if (rows > 3)
        {
            _code.Line("var leftStride3 = 3 * leftStride;");
        }

        for (var r = 4; r < rows; r += 4)
        {
            _code.Line($"var left{r} = left + {r} * leftStride;");
        }
    }

    private static string LeftElement(int row)
    {
        var first = row / 4 * 4;
        var pointer = first == 0 ? "left" : $"left{first}";
        return (row % 4) switch { 0 => $"*{pointer}", 1 => $"{pointer}[leftStride]", var multiple => $"{pointer}[leftStride{multiple}]" };
    }

    /// <summary>One step over the depth: load a row of the right side, a register of each element of the left, multiply and add.</summary>
    private void WriteTileStep(int rows, int columns, bool again, Func<int, string> element)
    {
        var declared = again ? string.Empty : "var ";

        // A single row reads the right side once: within the multiply-add.
        for (var v = 0; v < columns && rows > 1; v++)
        {
            _code.Line($"{declared}right{v} = {Load(At("right", v * _lanes))};");
        }

        for (var r = 0; r < rows; r++)
        {
            _code.Line($"{(r == 0 ? declared : string.Empty)}element = {element(r)};");
            for (var v = 0; v < columns; v++)
            {
                var right = rows > 1 ? $"right{v}" : Load(At("right", v * _lanes));
                _code.Line($"sum{r}_{v} = {MultiplyAdd("element", right, $"sum{r}_{v}")};");
            }
        }
    }

    private void WriteSoftmax()
    {
        var stride = IsFixed ? "VocabularyStride" : "vocabularyStride";
        Summary("g = softmax(o) - onehot(y), row by row in place. The logarithms of the rows' sums are taken together: one of their product.");
        using (_code.Block($"protected override double SoftmaxLoss({_element}* o, int* y, int steps)"))
        {
            if (!IsFixed)
            {
                _code.Line("var vocabularyStride = VocabularyStride;");
            }

            using (_code.Block("if (steps == 0)"))
            {
                _code.Line("return 0;");
            }

            _code.Line("var (loss, product, exponent) = (0.0, 1.0, 0);");
            _code.Line($"var maximum = Highest(o{RowLength(stride)});");
            _code.Line($"var sum = {_type.Literal(1)};");
            using (_code.Block("for (var t = 0; t < steps; t++)"))
            {
                _code.Line("loss += (double)maximum - o[y[t]];");
                _code.Line($"var shift = {_form.Broadcast("maximum")};");
                _code.Line();
                _code.Line("// The way across the lanes is long: the next row's maximum and the last row's sum take it beside this row's powers.");
                using (_code.Block("if (t + 1 < steps)"))
                {
                    _code.Line($"maximum = Highest(o + {stride}{RowLength(stride)});");
                }

                _code.Line($"var total = {Zero};");
                using (_code.Block($"for (nint i = 0; i < {stride}; i += {_lanes})"))
                {
                    _code.Line($"var power = VectorMath.ExpOfNonPositive({Load("o + i")} - shift);");
                    _code.Line("total += power;");
                    _code.Line($"{_form.Store("power", "o + i")};");
                }

                _code.Line();
                using (_code.Block("if (t > 0)"))
                {
                    _code.Line($"Normalise(o - {stride}{RowLength(stride)}, sum, y[t - 1]);");
                }

                _code.Line("sum = VectorMath.SumAcross(total);");
                _code.Line("product *= sum;");
                using (_code.Block("if (product > Huge)"))
                {
                    _code.Line("product /= Huge;");
                    _code.Line("exponent++;");
                }

                _code.Line($"o += {stride};");
            }

            _code.Line($"Normalise(o - {stride}{RowLength(stride)}, sum, y[steps - 1]);");
            _code.Line("return loss + Math.Log(product) + exponent * Math.Log(Huge);");
        }

        _code.Line();
        _code.Line("// No call of Math.Log among the rows: a call would put every constant of the power out of its register.");
        _code.Line("private const double Huge = 1e200;");
        WriteRowMethod(_element, "Highest", string.Empty, stride, () =>
        {
            _code.Line($"var highest = {Load("o")};");
            using (_code.Block($"for (nint i = {_lanes}; i < {stride}; i += {_lanes})"))
            {
                _code.Line($"highest = {Max("highest", Load("o + i"))};");
            }

            _code.Line("return VectorMath.MaxAcross(highest);");
        });
        WriteRowMethod("void", "Normalise", $", {_element} sum, int target", stride, () =>
        {
            _code.Line($"var scale = {_form.Broadcast("1 / sum")};");
            using (_code.Block($"for (nint i = 0; i < {stride}; i += {_lanes})"))
            {
                _code.Line($"{_form.Store($"{Load("o + i")} * scale", "o + i")};");
            }

            _code.Line("o[target] -= 1;");
        });
    }

    private string RowLength(string stride) => IsFixed ? string.Empty : $", {stride}";

    private void WriteRowMethod(string result, string name, string parameters, string stride, Action body)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (_code.Block($"private static {result} {name}({_element}* o{(IsFixed ? string.Empty : $", nint {stride}")}{parameters})"))
        {
            body();
        }
    }
}
