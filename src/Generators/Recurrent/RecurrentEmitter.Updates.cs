namespace CharRnn.Generators.Recurrent;

/// <summary>The gradients of the parameters, and AdaGrad on them while they are still in registers.</summary>
internal sealed partial class RecurrentEmitter
{
    private void WriteUpdates()
    {
        Summary("dV' = sum_t h_{t+1} g_t', rows j, columns k; AdaGrad is applied to the tile's sums, which never reach memory.");
        using (_code.Block($"protected override void UpdateV({_element}* h, {_element}* g, {_element}* VT, {_element}* sums, int steps, AdagradRule<{_element}> rule)"))
        {
            WriteUpdatePanels("VocabularyStride", "h + HiddenStride", "g", "VT", IsFixed ? Registers(_shape!.Value.VocabularySize, _lanes) : null);
        }

        Summary("dW = sum_t dz_t h_t', rows i, columns j.");
        using (_code.Block($"protected override void UpdateW({_element}* dz, {_element}* h, {_element}* W, {_element}* sums, int steps, AdagradRule<{_element}> rule)"))
        {
            WriteUpdatePanels("HiddenStride", "dz", "h", "W", IsFixed ? HiddenRegisters : null);
        }

        var tiles = new HashSet<(string Stride, int Rows, int Columns)>();
        if (IsFixed)
        {
            foreach (var (stride, registers) in new[] { ("VocabularyStride", Registers(_shape!.Value.VocabularySize, _lanes)), ("HiddenStride", HiddenRegisters) })
            {
                foreach (var columns in PanelWidths(registers))
                {
                    var counts = TilePlan.Split(_shape.Value.HiddenSize, TilePlan.MostTileRows(_form, columns)).Distinct().ToArray();
                    WriteUpdatePanel(stride, columns, counts);
                    foreach (var rows in counts)
                    {
                        tiles.Add((stride, rows, columns));
                    }
                }
            }
        }
        else
        {
            foreach (var columns in PanelWidths(null))
            {
                var counts = Enumerable.Range(1, TilePlan.MostTileRows(_form, columns)).ToArray();
                WriteUpdatePanel("stride", columns, counts);
                foreach (var rows in counts)
                {
                    tiles.Add(("stride", rows, columns));
                }
            }
        }

        foreach (var (stride, rows, columns) in tiles)
        {
            WriteUpdateTile(stride, rows, columns);
        }

        WriteApply();
        WriteColumnAndRow();
    }

    /// <summary>Tiles of V' and of W differ in the stride of the right side only; the name says which.</summary>
    private static string UpdateName(string stride) => stride switch
    {
        "VocabularyStride" => "UpdateV",
        "HiddenStride" => "UpdateW",
        _ => "Update",
    };

    private void WriteUpdatePanels(string stride, string left, string right, string weights, int? registers) =>
        WritePanelCalls(registers, stride, (width, start) =>
        {
            var name = IsFixed ? UpdateName(stride) : "Update";
            var sizes = IsFixed ? string.Empty : $", HiddenSize, HiddenStride, {stride}";
            return $"{name}Panel{width}({left}, {right}{start}, {weights}{start}, sums{start}, steps, rule{sizes});";
        });

    private string UpdateSizes(bool rows) => IsFixed ? string.Empty : (rows ? ", int rows" : string.Empty) + ", nint leftStride, nint stride";

    private void WriteUpdatePanel(string stride, int columns, int[] counts)
    {
        var name = UpdateName(stride);
        var sizes = IsFixed ? string.Empty : ", leftStride, stride";
        _code.Line();
        using (_code.Block($"private static void {name}Panel{columns}({_element}* left, {_element}* right, {_element}* weights, {_element}* sums, int steps, AdagradRule<{_element}> rule{UpdateSizes(true)})"))
        {
            WriteRowSplit(IsFixed ? "HiddenSize" : "rows", TilePlan.MostTileRows(_form, columns), counts, count =>
                $"{name}Tile{count}x{columns}(left, right, weights, sums, steps, rule{sizes}); break;",
                count => [$"left += {count};", $"weights += {count} * {stride};", $"sums += {count} * {stride};"]);
        }
    }

    private void WriteUpdateTile(string stride, int rows, int columns)
    {
        var leftStride = IsFixed ? "HiddenStride" : "leftStride";
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void {UpdateName(stride)}Tile{rows}x{columns}({_element}* left, {_element}* right, {_element}* weights, {_element}* sums, int steps, AdagradRule<{_element}> rule{UpdateSizes(false)})"))
        {
            for (var r = 0; r < rows; r++)
            {
                for (var v = 0; v < columns; v++)
                {
                    _code.Line($"var sum{r}_{v} = {Zero};");
                }
            }

            using (_code.Block("for (var t = 0; t < steps; t++)"))
            {
                WriteTileStep(rows, columns, r => r == 0 ? "*left" : $"left[{r}]");
                _code.Line($"left += {leftStride};");
                _code.Line($"right += {stride};");
            }

            _code.Line();
            WriteRuleRegisters();
            for (var r = 0; r < rows; r++)
            {
                for (var v = 0; v < columns; v++)
                {
                    var offset = v * _lanes;
                    var row = r == 0 ? string.Empty : $" + {r} * {stride}";
                    _code.Line($"Apply(sum{r}_{v}, {At("weights" + row, offset)}, {At("sums" + row, offset)}, eta, clip, epsilon);");
                }
            }
        }
    }

    private void WriteRuleRegisters()
    {
        _code.Line($"var eta = {_form.Broadcast("rule.Eta")};");
        _code.Line($"var clip = {_form.Broadcast("rule.Clip")};");
        _code.Line($"var epsilon = {_form.Broadcast($"({_element})AdagradRule<{_element}>.Epsilon")};");
    }

    private void WriteApply()
    {
        Summary("g = clip(g); G += g g; theta -= eta g / sqrt(G + epsilon). The operand order lets a NaN through the clipping.");
        _code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (_code.Block($"private static void Apply({_register} gradient, {_element}* weights, {_element}* sums, {_register} eta, {_register} clip, {_register} epsilon)"))
        {
            _code.Line($"gradient = {Min("clip", Max("-clip", "gradient"))};");
            _code.Line($"var sum = {MultiplyAdd("gradient", "gradient", Load("sums"))};");
            _code.Line($"{_form.Store("sum", "sums")};");
            _code.Line($"{_form.Store($"{Load("weights")} - eta * gradient / {Sqrt("sum + epsilon")}", "weights")};");
        }
    }

    private void WriteColumnAndRow()
    {
        var stride = IsFixed ? "HiddenStride" : "hiddenStride";
        Summary("One column of U: the sum over the time steps whose input it is, found along the chain.");
        using (_code.Block($"protected override void UpdateColumn({_element}* dz, int t, int* next, {_element}* column, {_element}* sums, AdagradRule<{_element}> rule)"))
        {
            if (!IsFixed)
            {
                _code.Line("var hiddenStride = HiddenStride;");
            }

            WriteRuleRegisters();
            using (_code.Block($"for (nint i = 0; i < {stride}; i += {_lanes})"))
            {
                _code.Line($"var gradient = {Load($"dz + t * (nint){stride} + i")};");
                using (_code.Block("for (var s = next[t]; s >= 0; s = next[s])"))
                {
                    _code.Line($"gradient += {Load($"dz + s * (nint){stride} + i")};");
                }

                _code.Line("Apply(gradient, column + i, sums + i, eta, clip, epsilon);");
            }
        }

        Summary("A bias: the sum of all rows.");
        using (_code.Block($"protected override void UpdateRow({_element}* rows, int steps, int stride, {_element}* weights, {_element}* sums, AdagradRule<{_element}> rule)"))
        {
            WriteRuleRegisters();
            using (_code.Block($"for (nint i = 0; i < stride; i += {_lanes})"))
            {
                _code.Line("var row = rows + i;");
                _code.Line($"var gradient = {Load("row")};");
                using (_code.Block("for (var t = 1; t < steps; t++)"))
                {
                    _code.Line("row += stride;");
                    _code.Line($"gradient += {Load("row")};");
                }

                _code.Line("Apply(gradient, weights + i, sums + i, eta, clip, epsilon);");
            }
        }
    }

    private void WriteTranspose()
    {
        Summary("V from V', block by block.");
        using (_code.Block($"protected override void Transpose({_element}* VT, {_element}* V)"))
        {
            _code.Line("Transposition.Copy(VT, HiddenSize, VocabularySize, (int)VocabularyStride, V, (int)HiddenStride);");
        }
    }
}
