using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>
/// The gradients of the parameters, and AdaGrad on them. Square root and division are slow but keep the multiply-add
/// units free, so a tile's gradient waits in a small buffer and is applied during the next tile, one register every time
/// step or every other.
/// </summary>
internal sealed partial class RecurrentEmitter
{
    /// <summary>
    /// One gradient product, sum over t of left[t, row] right[t, register], in tiles of rows by registers across.
    /// V': row j is an element of h_{t+1}, the registers are g's. W: row j is a block of C columns, C elements of h_t in
    /// every lane, and the registers across are blocks of R rows of dz, spread over their lanes in a scratch beforehand.
    /// </summary>
    private sealed record Update(string Name, bool InBlocks, int? Rows, Tiling? Tiling);

    private int LargestUpdateTile => Enumerable.Range(1, TilePlan.MostUpdateColumns(_form)).Max(columns => columns * TilePlan.MostUpdateRows(_form, columns));

    private void WriteUpdates()
    {
        var v = new Update("V", InBlocks: false, _shape?.HiddenSize, _plan?.UpdateV);
        var w = new Update("W", InBlocks: true, _plan?.ColumnBlocks, _plan?.UpdateW);

        Summary("dV' = sum_t h_{t+1} g_t', rows j, columns k.");
        WriteUpdateMethod(v, $"protected override void UpdateV({_element}* h, {_element}* g, {_element}* VT, {_element}* sums, int steps, AdagradRule<{_element}> rule)", "HiddenSize", $"VocabularyStride / {_lanes}", (width, register) =>
        {
            string Start(string pointer) => Advanced(pointer, register, $"{_lanes}");
            return $"UpdateVPanel{width}(h + HiddenStride, {Start("g")}, {Start("VT")}, {Start("sums")}, steps, ref pending{(IsFixed ? string.Empty : ", HiddenSize, HiddenStride, VocabularyStride")});";
        });

        Summary("dW = sum_t dz_t h_t', block by block.");
        WriteUpdateMethod(w, $"protected override void UpdateW({_element}* dz, {_element}* h, {_element}* W, {_element}* sums, {_element}* spread, int steps, AdagradRule<{_element}> rule)", "ColumnBlocks", "RowBlocks", (width, register) =>
            $"UpdateWPanel{width}(h, {Advanced("dz", register, $"{BlockRows}")}, {Advanced("W", register, "RowStride")}, {Advanced("sums", register, "RowStride")}, spread, steps, ref pending{(IsFixed ? string.Empty : ", ColumnBlocks, HiddenStride, RowStride")});");

        foreach (var update in (Update[])[v, w])
        {
            foreach (var columns in PanelWidths(update.Tiling, TilePlan.MostUpdateColumns(_form)))
            {
                var most = TilePlan.MostUpdateRows(_form, columns);
                var counts = update.Rows is { } rows ? TilePlan.Split(rows, most).Distinct().ToArray() : [.. Enumerable.Range(1, most)];
                WriteUpdatePanel(update, columns, counts);
                foreach (var count in counts)
                {
                    WriteUpdateTile(update, count, columns);
                }
            }
        }

        WritePending();
        WriteApply();
        WriteColumnAndRow();
    }

    private void WriteUpdateMethod(Update update, string signature, string rows, string registers, Func<string, string, string> call)
    {
        _code.Line("[SkipLocalsInit]");
        using (_code.Block(signature))
        {
            _code.Line($"var buffer = stackalloc {_element}[{(2 * LargestUpdateTile * _lanes) + (64 / _type.Size())}];");
            _code.Line($"var offsets = stackalloc nint[{2 * LargestUpdateTile}];");
            _code.Line("var pending = new Pending(buffer, offsets, rule);");
            WritePanelCalls(update.Tiling, TilePlan.MostUpdateColumns(_form), registers, call);
            _code.Line("pending.Flush();");
        }
    }

    private void WriteUpdatePanel(Update update, int columns, int[] counts)
    {
        var (leftStride, rightStride, weightsStride) = IsFixed
            ? ("HiddenStride", "VocabularyStride", update.InBlocks ? "RowStride" : "VocabularyStride")
            : ("leftStride", "rightStride", "weightsStride");
        var (right, sizes, names) = update.InBlocks
            ? ("spread", ", int rows, nint leftStride, nint weightsStride", ", leftStride")
            : ("right", ", int rows, nint leftStride, nint rightStride", ", leftStride, rightStride");
        _code.Line();
        using (_code.Block($"private static void Update{update.Name}Panel{columns}({_element}* left, {_element}* right, {_element}* weights, {_element}* sums{(update.InBlocks ? $", {_element}* spread" : string.Empty)}, int steps, ref Pending pending{(IsFixed ? string.Empty : sizes)})"))
        {
            if (update.InBlocks)
            {
                using (_code.Block("for (nint t = 0; t < steps; t++)"))
                {
                    for (var v = 0; v < columns; v++)
                    {
                        _code.Line($"{_form.Store(Spread(At("right", v * BlockRows)), At($"spread + t * {columns * _lanes}", v * _lanes))};");
                    }

                    _code.Line($"right += {leftStride};");
                }

                _code.Line($"var offsets = pending.TileOffsets({columns}, {_lanes}, {weightsStride});");
            }
            else
            {
                _code.Line($"var offsets = pending.TileOffsets({columns}, {rightStride}, {_lanes});");
            }

            var (leftStep, weightsStep) = update.InBlocks ? ($"{BlockColumns}", $"{_lanes}") : ("1", rightStride);
            WriteRowSplit(IsFixed ? $"{update.Rows!.Value}" : "rows", TilePlan.MostUpdateRows(_form, columns), counts, count =>
                $"Update{update.Name}Tile{count}x{columns}(left, {right}, weights, sums, offsets, steps, ref pending{(IsFixed ? string.Empty : names)}); break;",
                count => [$"left += {count} * {leftStep};", $"weights += {count} * {weightsStep};", $"sums += {count} * {weightsStep};"]);
        }
    }

    private void WriteUpdateTile(Update update, int rows, int columns)
    {
        var rightStride = update.InBlocks ? $"{columns * _lanes}" : IsFixed ? "VocabularyStride" : "rightStride";
        var sizes = update.InBlocks ? ", nint leftStride" : ", nint leftStride, nint rightStride";
        void WriteStep(bool again = false)
        {
            WriteTileStep(rows, columns, again, r => update.InBlocks ? Repeat(At("left", r * BlockColumns)) : _form.Broadcast(r == 0 ? "*left" : $"left[{r}]"));
            _code.Line($"left += {(IsFixed ? "HiddenStride" : "leftStride")};");
            _code.Line($"right += {rightStride};");
        }

        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void Update{update.Name}Tile{rows}x{columns}({_element}* left, {_element}* right, {_element}* weights, {_element}* sums, nint* offsets, int steps, ref Pending pending{(IsFixed ? string.Empty : sizes)})"))
        {
            for (var r = 0; r < rows; r++)
            {
                for (var v = 0; v < columns; v++)
                {
                    _code.Line($"var sum{r}_{v} = {Zero};");
                }
            }

            var interval = TilePlan.AdagradInterval(rows * columns);
            _code.Line($"var overlapped = Math.Min(steps{(interval > 1 ? $" / {interval}" : string.Empty)}, pending.Count);");
            WriteRuleRegisters("pending.Rule");
            _code.Line("var gradient = pending.Gradient;").Line("var pendingOffsets = pending.Offsets;");
            _code.Line("var pendingWeights = pending.Weights;").Line("var pendingSums = pending.Sums;");
            _code.Line("nint t = 0;");
            using (_code.Block("for (; t < overlapped; t++)"))
            {
                WriteStep();
                _code.Line("var offset = pendingOffsets[t];");
                _code.Line($"Apply({Load("gradient")}, pendingWeights + offset, pendingSums + offset, eta, clip, epsilon);");
                _code.Line($"gradient += {_lanes};");
                for (var more = 1; more < interval; more++)
                {
                    WriteStep(again: true);
                }
            }

            using (_code.Block(interval > 1 ? $"for (t *= {interval}; t < steps; t++)" : "for (; t < steps; t++)"))
            {
                WriteStep();
            }

            void WriteStores(Func<int, string> place)
            {
                for (var i = 0; i < rows * columns; i++)
                {
                    _code.Line($"{_form.Store($"sum{i / columns}_{i % columns}", place(i))};");
                }
            }

            _code.Line();
            using (_code.Block("if (pending.Rule.IsNone)"))
            {
                WriteStores(i => i == 0 ? "weights + *offsets" : $"weights + offsets[{i}]");
                _code.Line("return;");
            }

            _code.Line();
            _code.Line("var own = pending.OtherGradient;");
            WriteStores(i => At("own", i * _lanes));

            using (_code.Block("if (overlapped < pending.Count)"))
            {
                _code.Line("pending.Flush(overlapped);");
            }

            _code.Line($"pending.Set(weights, sums, offsets, {rows * columns});");
        }
    }

    private void WriteRuleRegisters(string rule = "rule")
    {
        _code.Line($"var eta = {_form.Broadcast($"{rule}.Eta")};");
        _code.Line($"var clip = {_form.Broadcast($"{rule}.Clip")};");
        _code.Line($"var epsilon = {_form.Broadcast($"({_element})AdagradRule<{_element}>.Epsilon")};");
    }

    private void WritePending()
    {
        Summary("A tile's gradient that waits for AdaGrad, and where its weights and sums lie.");
        using (_code.Block("private struct Pending"))
        {
            _code.Line($"public readonly AdagradRule<{_element}> Rule;");
            _code.Line($"public {_element}* Gradient;").Line($"public {_element}* OtherGradient;");
            _code.Line($"public {_element}* Weights;").Line($"public {_element}* Sums;").Line("public nint* Offsets;").Line("public int Count;");
            _code.Line("private nint* _table;").Line("private nint* _otherTable;").Line("private int _tableColumns;").Line();
            using (_code.Block($"public Pending({_element}* buffer, nint* offsets, AdagradRule<{_element}> rule)"))
            {
                _code.Line("Rule = rule;");
                _code.Line($"Gradient = ({_element}*)(((nint)buffer + 63) & ~(nint)63);");
                _code.Line($"OtherGradient = Gradient + {LargestUpdateTile * _lanes};");
                _code.Line("_table = offsets;");
                _code.Line($"_otherTable = offsets + {LargestUpdateTile};");
            }

            _code.Line();
            _code.Line("// The offset of each register of a tile, row by row. A panel of another width takes the other table, for the last tile waits still.");
            using (_code.Block("public nint* TileOffsets(int columns, nint rowStep, nint columnStep)"))
            {
                using (_code.Block("if (columns == _tableColumns)"))
                {
                    _code.Line("return _table;");
                }

                _code.Line();
                _code.Line("var table = _otherTable;");
                _code.Line("_otherTable = _table;").Line("_table = table;").Line("_tableColumns = columns;");
                using (_code.Block($"for (var (i, row) = (0, (nint)0); i + columns <= {LargestUpdateTile}; row += rowStep)"))
                using (_code.Block("for (var column = 0; column < columns; column++, i++)"))
                {
                    _code.Line("table[i] = row + column * columnStep;");
                }

                _code.Line();
                _code.Line("return table;");
            }

            _code.Line();
            using (_code.Block($"public void Set({_element}* weights, {_element}* sums, nint* offsets, int count)"))
            {
                _code.Line("var applied = Gradient;").Line("Gradient = OtherGradient;").Line("OtherGradient = applied;");
                _code.Line("Weights = weights;").Line("Sums = sums;").Line("Offsets = offsets;").Line("Count = count;");
            }

            _code.Line();
            using (_code.Block("public readonly void Flush(int start = 0)"))
            {
                WriteRuleRegisters("Rule");
                using (_code.Block("for (var i = start; i < Count; i++)"))
                {
                    _code.Line($"Apply({Load($"Gradient + i * {_lanes}")}, Weights + Offsets[i], Sums + Offsets[i], eta, clip, epsilon);");
                }
            }
        }
    }

    private void WriteApply()
    {
        Summary($"{_model.Rule.ClassName}, with a clipped gradient. The operand order lets a NaN through the clipping.");
        _code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (_code.Block($"private static void Apply({_register} gradient, {_element}* weights, {_element}* sums, {_register} eta, {_register} clip, {_register} epsilon)"))
        {
            _code.Line($"gradient = {Min("clip", Max("-clip", "gradient"))};");
            _rule.Write(_code, _form, _type, "weights", _ => "sums", number => _rule.Numbers[number], "weights", "sums", "eta", "clip", "epsilon");
        }
    }

    private void WriteColumnAndRow()
    {
        var stride = Local("HiddenStride");
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

                WriteApplyOrStore("column + i");
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

                WriteApplyOrStore("weights + i");
            }
        }
    }

    private void WriteApplyOrStore(string weights)
    {
        using (_code.Block("if (rule.IsNone)"))
        {
            _code.Line($"{_form.Store("gradient", weights)};");
        }

        using (_code.Block("else"))
        {
            _code.Line($"Apply(gradient, {weights}, sums + i, eta, clip, epsilon);");
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
