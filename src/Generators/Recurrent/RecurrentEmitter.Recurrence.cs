namespace CharRnn.Generators.Recurrent;

/// <summary>
/// The two steps that must go one time step after the other: W h forward and W' dz backward. W lies in blocks of one
/// register, R rows by C columns, a row in each lane of 128 bits; so both steps read it as it lies.
/// </summary>
internal sealed partial class RecurrentEmitter
{
    /// <summary>C, the columns of a block.</summary>
    private int BlockColumns => TilePlan.BlockColumns(_type, _form);

    /// <summary>R, the rows of a block.</summary>
    private int BlockRows => _lanes / BlockColumns;

    /// <summary>C elements, in every lane of a register.</summary>
    private string Repeat(string pointer) => _form.IsScalar ? $"*({pointer})" : $"Blocks.Repeat{_form.Bits}({pointer})";

    /// <summary>R elements, each filling its lane.</summary>
    private string Spread(string pointer) => _form.IsScalar ? $"*({pointer})" : $"Blocks.Spread{_form.Bits}({pointer})";

    /// <summary>The sums over the columns of C blocks one below the other, of which the last may be missing.</summary>
    private string RowSums(IEnumerable<string> blocks) => SumOf("RowSums", blocks, BlockColumns);

    /// <summary>The sums over the rows of R blocks side by side, of which the last may be missing.</summary>
    private string ColumnSums(IEnumerable<string> blocks) => SumOf("ColumnSums", blocks, BlockRows);

    private string SumOf(string sum, IEnumerable<string> blocks, int count) => _form.IsScalar
        ? blocks.Single()
        : $"Blocks.{sum}({string.Join(", ", blocks.Concat(Enumerable.Repeat(Zero, count)).Take(count))})";

    private int PassBlocks => TilePlan.PassBlocks(_form);

    private int MostPassBlocks => TilePlan.MostPassBlocks(_form);

    private void WriteForward()
    {
        Summary($"Blocks of {BlockRows} x {BlockColumns} against {BlockColumns} elements of h in every lane. {BlockColumns} blocks of rows make a register of results, finished by the cell's equations.");
        using (_code.Block($"protected override void Forward({_element}* W, {_element}* U, {_element}* b, {_element}* h, int* x, int steps)"))
        {
            WriteLocals("HiddenStride", "RowStride", "RowBlocks", "ColumnBlocks");
            if (IsFixed)
            {
                _code.Line($"const int whole = {_plan!.RowBlocks - _plan.LastPass};");
            }
            else
            {
                var least = TilePlan.LeastLastPass(_form);
                _code.Line($"var last = rowBlocks <= {MostPassBlocks} ? rowBlocks : {least} + (rowBlocks - {least}) % {PassBlocks};");
                _code.Line("var whole = rowBlocks - last;");
            }

            _code.Line($"var lastW = W + ({Local("ColumnBlocks")} - 1) * {_lanes};");
            _code.Line($"var lastH = ({Local("ColumnBlocks")} - 1) * {BlockColumns};");
            using (_code.Block("for (var t = 0; t < steps; t++)"))
            {
                _code.Line($"var output = h + {Local("HiddenStride")};");
                _code.Line($"var u = U + x[t] * (nint){Local("HiddenStride")};");
                _code.Line();
                _code.Line("// W may be larger than the nearest cache: a sweep down leaves its end there, so the next sweep goes up.");
                _code.Line("// Either reads h from the end that was finished first, while the last of it is still being computed.");
                using (_code.Block("if ((t & 1) == 0)"))
                {
                    WriteWholePasses($"for (nint row = 0; row < whole; row += {PassBlocks})", "lastW", -1);
                    _code.Line(CallPass(LastPass, "lastW", -1, "whole"));
                }

                using (_code.Block("else"))
                {
                    _code.Line(CallPass(LastPass, "W", 1, "whole"));
                    WriteWholePasses($"for (nint row = whole - {PassBlocks}; row >= 0; row -= {PassBlocks})", "W", 1);
                }

                _code.Line();
                _code.Line($"h += {Local("HiddenStride")};");
            }
        }

        var counts = !IsFixed ? Enumerable.Range(1, MostPassBlocks)
            : _plan!.LastPass < _plan.RowBlocks ? new[] { PassBlocks, _plan.LastPass }.Distinct() : [_plan.LastPass];
        foreach (var count in counts)
        {
            WritePass(count);
        }

        if (!IsFixed)
        {
            WriteLastPass();
        }
    }

    private void WriteWholePasses(string loop, string w, int direction)
    {
        if (IsFixed && _plan!.LastPass == _plan.RowBlocks)
        {
            return;
        }

        using (_code.Block(loop))
        {
            _code.Line(CallPass($"Pass{PassBlocks}", w, direction, "row"));
        }
    }

    private string LastPass => IsFixed ? $"Pass{_plan!.LastPass}" : "LastPass";

    private string PassSizes(bool count) => IsFixed ? string.Empty : ", nint stride, int columns" + (count ? ", nint count" : string.Empty);

    private string CallPass(string name, string w, int direction, string row)
    {
        var sizes = IsFixed ? string.Empty : ", rowStride, columnBlocks" + (name == "LastPass" ? ", last" : string.Empty);
        var h = direction > 0 ? "h" : "h + lastH";
        var at = $"{row} * {BlockRows}";
        return $"{name}({w} + {row} * {Local("RowStride")}, {direction * _lanes}, {h}, {direction * BlockColumns}{sizes}, b + {at}, u + {at}, output + {at});";
    }

    /// <summary>The rows of <paramref name="blocks"/> blocks, over all columns in either direction.</summary>
    private void WritePass(int blocks)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void Pass{blocks}({_element}* w, nint step, {_element}* h, nint next{PassSizes(false)}, {_element}* b, {_element}* u, {_element}* output)"))
        {
            for (var r = 0; r < blocks; r++)
            {
                _code.Line($"var sum{r} = {Zero};");
            }

            if (!IsFixed)
            {
                _code.Line("var stride2 = 2 * stride;").Line("var stride3 = 3 * stride;");
                for (var r = 4; r < blocks; r += 4)
                {
                    _code.Line($"var w{r} = w + {r} * stride;");
                }
            }

            using (_code.Block($"for (var column = 0; column < {(IsFixed ? "ColumnBlocks" : "columns")}; column++)"))
            {
                _code.Line($"var state = {Repeat("h")};");
                for (var r = 0; r < blocks; r++)
                {
                    _code.Line($"sum{r} = {MultiplyAdd(Load(PassRow(r)), "state", $"sum{r}")};");
                }

                _code.Line("w += step;");
                for (var r = 4; !IsFixed && r < blocks; r += 4)
                {
                    _code.Line($"w{r} += step;");
                }

                _code.Line("h += next;");
            }

            _code.Line();
            for (var first = 0; first < blocks; first += BlockColumns)
            {
                var sums = Enumerable.Range(first, Math.Min(BlockColumns, blocks - first)).Select(r => $"sum{r}");
                var at = first * BlockRows;
                _code.Line($"{_form.Store(_cell.State(Pointwise, Load(At("b", at)), Load(At("u", at)), RowSums(sums)), At("output", at))};");
            }
        }
    }

    /// <summary>Run-time strides: a base for every fourth row, reached with one, two or three strides by the address unit.</summary>
    private string PassRow(int row)
    {
        if (IsFixed)
        {
            return row == 0 ? "w" : $"w + {row} * RowStride";
        }

        var pointer = row < 4 ? "w" : $"w{row / 4 * 4}";
        return (row % 4) switch { 0 => pointer, 1 => $"{pointer} + stride", var multiple => $"{pointer} + stride{multiple}" };
    }

    private void WriteLastPass()
    {
        _code.Line();
        using (_code.Block($"private static void LastPass({_element}* w, nint step, {_element}* h, nint next{PassSizes(true)}, {_element}* b, {_element}* u, {_element}* output)"))
        using (_code.Block("switch (count)"))
        {
            for (var blocks = 1; blocks <= MostPassBlocks; blocks++)
            {
                _code.Line($"case {blocks}: Pass{blocks}(w, step, h, next, stride, columns, b, u, output); break;");
            }
        }
    }

    private void WriteBackward()
    {
        Summary($"dz_t = (dh_t + W' dz_{{t+1}}) (1 - h_{{t+1}}^2): each row of blocks is multiplied by its {BlockRows} elements of dz, each in its lane, all sums in registers.");
        using (_code.Block($"protected override void Backward({_element}* W, {_element}* h, {_element}* dh, int steps)"))
        {
            WriteLocals("HiddenStride", "RowStride", "RowBlocks", "ColumnBlocks");
            _code.Line($"var dz = dh + (steps - 1) * (nint){Local("HiddenStride")};");
            _code.Line($"var output = h + steps * (nint){Local("HiddenStride")};");
            using (_code.Block($"for (nint i = 0; i < {Local("HiddenStride")}; i += {_lanes})"))
            {
                _code.Line($"var state = {Load("output + i")};");
                _code.Line($"{_form.Store(_cell.Gradient(Pointwise, Load("dz + i"), null, "state"), "dz + i")};");
            }

            _code.Line();
            _code.Line($"var lastW = W + ({Local("RowBlocks")} - 1) * (nint){Local("RowStride")};");
            _code.Line($"var lastZ = ({Local("RowBlocks")} - 1) * {BlockRows};");
            if (!IsFixed)
            {
                var most = TilePlan.MostPanelBlocks(_form);
                _code.Line("// Panels start where a register of columns does; the last takes what is left.");
                _code.Line($"var panels = (columnBlocks + {most - 1}) / {most};");
                _code.Line($"var width = columnBlocks / panels / {BlockRows} * {BlockRows};");
                using (_code.Block($"while (columnBlocks - (panels - 1) * width > {most})"))
                {
                    _code.Line("panels++;");
                    _code.Line($"width = columnBlocks / panels / {BlockRows} * {BlockRows};");
                }
            }

            using (_code.Block("for (var t = steps - 2; t >= 0; t--)"))
            {
                _code.Line($"output -= {Local("HiddenStride")};");
                _code.Line($"var target = dz - {Local("HiddenStride")};");
                _code.Line("// As forward, each sweep over W starts where the last one ended, and with the elements that were finished first.");
                using (_code.Block("if ((t & 1) == 0)"))
                {
                    WritePanels("lastW", -1, ascending: true);
                }

                using (_code.Block("else"))
                {
                    WritePanels("W", 1, ascending: false);
                }

                _code.Line($"dz -= {Local("HiddenStride")};");
            }
        }

        if (IsFixed)
        {
            foreach (var width in _plan!.BackwardPanels.Distinct())
            {
                WritePanel(width);
            }

            return;
        }

        for (var width = 1; width <= TilePlan.MostPanelBlocks(_form); width++)
        {
            WritePanel(width);
        }

        _code.Line();
        using (_code.Block($"private static void Panel({_element}* w, nint step, {_element}* dz, nint next, int rows, int width, {_element}* output, {_element}* target)"))
        using (_code.Block("switch (width)"))
        {
            for (var width = 1; width <= TilePlan.MostPanelBlocks(_form); width++)
            {
                _code.Line($"case {width}: Panel{width}(w, step, dz, next, rows, output, target); break;");
            }
        }
    }

    private void WritePanels(string w, int direction, bool ascending)
    {
        var dz = direction > 0 ? "dz" : "dz + lastZ";
        var sign = direction > 0 ? string.Empty : "-";
        if (!IsFixed)
        {
            using (_code.Block(ascending ? "for (nint panel = 0; panel < panels; panel++)" : "for (nint panel = panels - 1; panel >= 0; panel--)"))
            {
                _code.Line("var start = panel * width;");
                _code.Line("var blocks = panel < panels - 1 ? width : columnBlocks - (int)start;");
                _code.Line($"Panel({w} + start * {_lanes}, {sign}rowStride, {dz}, {direction * BlockRows}, rowBlocks, blocks, output + start * {BlockColumns}, target + start * {BlockColumns});");
            }

            return;
        }

        // All panels are as wide as the first, but the last.
        var panels = _plan!.BackwardPanels;
        var (width, last, lastStart) = (panels[0], panels[panels.Count - 1], panels.Sum() - panels[panels.Count - 1]);
        string Call(int blocks, string first) =>
            $"Panel{blocks}({Advanced(w, first, $"{_lanes}")}, {sign}RowStride, {dz}, {direction * BlockRows}, {Advanced("output", first, $"{BlockColumns}")}, {Advanced("target", first, $"{BlockColumns}")});";
        void WriteWhole()
        {
            if (panels.Count <= MostPanelCalls)
            {
                var starts = Enumerable.Range(0, panels.Count - 1).Select(panel => panel * width);
                foreach (var start in ascending ? starts : starts.Reverse())
                {
                    _code.Line(Call(width, $"{start}"));
                }

                return;
            }

            using (_code.Block(ascending
                ? $"for (nint start = 0; start < {lastStart}; start += {width})"
                : $"for (nint start = {lastStart - width}; start >= 0; start -= {width})"))
            {
                _code.Line(Call(width, "start"));
            }
        }

        if (ascending)
        {
            WriteWhole();
        }

        _code.Line(Call(last, $"{lastStart}"));
        if (!ascending)
        {
            WriteWhole();
        }
    }

    /// <summary>The columns of <paramref name="width"/> blocks, over all rows in either direction.</summary>
    private void WritePanel(int width)
    {
        // Enough independent chains to hide the latency of a multiply-add: narrow panels take several rows of blocks at a time.
        var sets = width >= 8 ? 1 : width >= 4 ? 2 : Math.Min(4, 8 / width);
        var rows = IsFixed ? "RowBlocks" : "rows";
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void Panel{width}({_element}* w, nint step, {_element}* dz, nint next{(IsFixed ? string.Empty : ", int rows")}, {_element}* output, {_element}* target)"))
        {
            for (var s = 0; s < sets; s++)
            {
                for (var v = 0; v < width; v++)
                {
                    _code.Line($"var sum{s}_{v} = {Zero};");
                }
            }

            _code.Line("var row = 0;");
            if (sets > 1)
            {
                using (_code.Block($"for (; row <= {rows} - {sets}; row += {sets})"))
                {
                    for (var s = 0; s < sets; s++)
                    {
                        WritePanelRow(s, width);
                    }
                }
            }

            using (_code.Block($"for (; row < {rows}; row++)"))
            {
                WritePanelRow(0, width);
            }

            _code.Line();
            for (var first = 0; first < width; first += BlockRows)
            {
                var sums = Enumerable.Range(first, Math.Min(BlockRows, width - first)).Select(v => string.Join(" + ", Enumerable.Range(0, sets).Select(s => $"sum{s}_{v}")));
                var at = first * BlockColumns;
                _code.Line($"var state{first} = {Load(At("output", at))};");
                _code.Line($"{_form.Store(_cell.Gradient(Pointwise, Load(At("target", at)), ColumnSums(sums), $"state{first}"), At("target", at))};");
            }
        }
    }

    private void WritePanelRow(int set, int width)
    {
        var gradient = set == 0 ? "gradient" : $"gradient{set}";
        _code.Line($"var {gradient} = {Spread("dz")};");
        for (var v = 0; v < width; v++)
        {
            _code.Line($"sum{set}_{v} = {MultiplyAdd(Load(At("w", v * _lanes)), gradient, $"sum{set}_{v}")};");
        }

        _code.Line("w += step;");
        _code.Line("dz += next;");
    }

    /// <summary>A size as the body names it: the constant, or a local copy of the field.</summary>
    private string Local(string size) => IsFixed ? size : char.ToLowerInvariant(size[0]) + size.Substring(1);

    private void WriteLocals(params string[] sizes)
    {
        foreach (var size in IsFixed ? [] : sizes)
        {
            _code.Line($"var {Local(size)} = {size};");
        }
    }
}
