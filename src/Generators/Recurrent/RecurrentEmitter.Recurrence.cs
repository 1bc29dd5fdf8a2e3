using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>The two steps that must go one time step after the other: W h forward and W' dz backward.</summary>
internal sealed partial class RecurrentEmitter
{
    /// <summary>Up to this many registers in a row of W, the sum over them is written out.</summary>
    private const int MostUnrolledRegisters = 8;

    private int HiddenRegisters => Registers(_shape!.Value.HiddenSize, _lanes);

    private int MainRegisters => _shape!.Value.HiddenSize / _lanes;

    private int TailColumns => _shape!.Value.HiddenSize % _lanes;

    private void WriteForward()
    {
        Summary($"Row dots: {_lanes} rows of W at a time against h, summed across lanes at the end, so that one register of results is finished by bias, column of U and tanh.");
        using (_code.Block($"protected override void Forward({_element}* W, {_element}* U, {_element}* b, {_element}* h, int* x, int steps)"))
        {
            if (!IsFixed)
            {
                _code.Line("var hiddenStride = HiddenStride;").Line("var mainColumns = MainColumns;");
                _code.Line("var tailColumns = HiddenSize - (int)mainColumns;");
            }

            _code.Line($"var tail = W + HiddenSize * {MainColumnsName};");
            using (_code.Block("for (var t = 0; t < steps; t++)"))
            {
                _code.Line($"var output = h + {HiddenStrideName};");
                _code.Line($"var u = U + x[t] * (nint){HiddenStrideName};");
                _code.Line();
                _code.Line("// W is larger than the nearest cache: a sweep down leaves its end there, so the next sweep goes up.");
                _code.Line("// Either reads h from the end that was finished first, while the last of it is still being computed.");
                using (_code.Block("if ((t & 1) == 0)"))
                {
                    WriteWholeRows("Down");
                    WriteTailRows("Down");
                }

                using (_code.Block("else"))
                {
                    WriteTailRows("Up");
                    WriteWholeRows("Up");
                }

                _code.Line();
                _code.Line($"h += {HiddenStrideName};");
            }
        }

        for (var rows = 1; rows <= _lanes; rows++)
        {
            if (rows < _lanes ? !IsFixed || rows == TailColumns : !HasSweeps && (!IsFixed || MainRegisters > 0))
            {
                WriteRows(rows, "Down");
                WriteRows(rows, "Up");
            }
        }

        if (HasSweeps && (!IsFixed || MainRegisters > 0))
        {
            WriteSweep("Down");
            WriteSweep("Up");
        }
    }

    /// <summary>With 32 registers the sums of one block of rows are finished while the next block's are being formed.</summary>
    private bool HasSweeps => _form.Registers >= 32;

    /// <summary>All rows that fill whole registers.</summary>
    private void WriteWholeRows(string sweep)
    {
        if (IsFixed && MainRegisters == 0)
        {
            return;
        }

        if (HasSweeps)
        {
            _code.Line(IsFixed
                ? $"Sweep{sweep}(W, tail, h, b, u, output);"
                : $"if (mainColumns > 0) Sweep{sweep}(W, mainColumns, tail, hiddenStride, tailColumns, h, b, u, output);");
            return;
        }

        using (_code.Block(sweep == "Down"
            ? $"for ({IndexType} row = 0; row < {MainColumnsName}; row += {_lanes})"
            : $"for ({IndexType} row = {MainColumnsName} - {_lanes}; row >= 0; row -= {_lanes})"))
        {
            _code.Line(CallRows(_lanes, sweep, "row"));
        }
    }

    /// <summary>
    /// Blocks of eight rows, in program order: the dots of a block, then the sum across lanes of the block before it. So no
    /// sum waits in the processor's queues for dots that are not there yet.
    /// </summary>
    private void WriteSweep(string sweep)
    {
        const int block = 8;
        var blocks = _lanes / block;
        var columns = IsFixed ? "MainColumns" : "stride";
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        var sizes = IsFixed ? string.Empty : "nint stride, ";
        var tailSizes = IsFixed ? string.Empty : "nint tailStride, int tailColumns, ";
        using (_code.Block($"private static void Sweep{sweep}({_element}* w, {sizes}{_element}* tail, {tailSizes}{_element}* h, {_element}* b, {_element}* u, {_element}* output)"))
        {
            var first = sweep == "Down" ? "0" : $"{columns} - {_lanes}";
            var next = sweep == "Down" ? $"row + {_lanes}" : $"row - {_lanes}";
            var more = sweep == "Down" ? $"next < {columns}" : "next >= 0";
            _code.Line($"nint row = {first};");
            _code.Line($"w += row * {columns};");
            if (!IsFixed)
            {
                _code.Line($"var skip = {blocks} * stride;").Line("var skip2 = 2 * skip;").Line("var skip3 = 3 * skip;");
            }

            WriteBlockDots("even", "w", 0, blocks, sweep, declare: true);
            using (_code.Block("while (true)"))
            {
                if (blocks == 2)
                {
                    WriteBlockDots("odd", "w", 1, blocks, sweep, declare: true);
                }

                _code.Line($"var half = {(blocks == 2 ? "RowSums.Half" : "RowSums.Of")}({Names("even")});");
                _code.Line($"var next = {next};");
                _code.Line($"var more = {more};");
                using (_code.Block("if (more)"))
                {
                    _code.Line($"w {(sweep == "Down" ? "+=" : "-=")} {_lanes} * {columns};");
                    WriteBlockDots("even", "w", 0, blocks, sweep, declare: false);
                }

                _code.Line();
                _code.Line($"var a = {Load("b + row")} + {Load("u + row")};");
                WriteSweepTail();
                _code.Line($"a += {(blocks == 2 ? $"RowSums.Join(half, RowSums.Half({Names("odd")}))" : "half")};");
                _code.Line($"{_form.Store("VectorMath.Tanh(a)", "output + row")};");
                using (_code.Block("if (!more)"))
                {
                    _code.Line("return;");
                }

                _code.Line("row = next;");
            }
        }

        string Names(string prefix) => string.Join(", ", Enumerable.Range(0, block).Select(r => $"{prefix}{r}"));
    }

    private void WriteSweepTail()
    {
        if (IsFixed)
        {
            for (var column = 0; column < TailColumns; column++)
            {
                _code.Line($"a = {MultiplyAdd(Load($"tail + {column} * HiddenStride + row"), _form.Broadcast($"h[MainColumns + {column}]"), "a")};");
            }

            return;
        }

        using (_code.Block("for (var column = 0; column < tailColumns; column++)"))
        {
            _code.Line($"a = {MultiplyAdd(Load("tail + column * tailStride + row"), _form.Broadcast("h[stride + column]"), "a")};");
        }
    }

    /// <summary>Dots of eight rows, every <paramref name="step"/>-th from <paramref name="first"/> on.</summary>
    private void WriteBlockDots(string name, string w, int first, int step, string sweep, bool declare)
    {
        var keyword = declare ? "var " : string.Empty;
        if (IsFixed && MainRegisters <= MostUnrolledRegisters)
        {
            for (var i = 0; i < MainRegisters; i++)
            {
                var v = sweep == "Up" ? i : MainRegisters - 1 - i;
                var state = declare ? $"{name}State" : "state";
                _code.Line($"{(i == 0 ? "var " : string.Empty)}{state} = {Load(At("h", v * _lanes))};");
                for (var r = 0; r < 8; r++)
                {
                    var row = first + (r * step);
                    var load = Load(At(row == 0 ? w : $"{w} + {row} * MainColumns", v * _lanes));
                    _code.Line(i == 0 ? $"{keyword}{name}{r} = {load} * {state};" : $"{name}{r} = {MultiplyAdd(load, state, $"{name}{r}")};");
                }
            }

            return;
        }

        for (var r = 0; r < 8; r++)
        {
            _code.Line($"{keyword}{name}{r} = {Zero};");
        }

        var columns = IsFixed ? "MainColumns" : "stride";
        _code.Line(sweep == "Up"
            ? $"for (nint i = 0; i < {columns}; i += {_lanes})"
            : $"for (nint i = {columns} - {_lanes}; i >= 0; i -= {_lanes})");
        using (_code.Block(string.Empty))
        {
            _code.Line($"var state = {Load("h + i")};");
            if (!IsFixed)
            {
                _code.Line(first == 0 ? $"var low = {w} + i;" : $"var low = {w} + stride + i;");
                _code.Line("var high = low + 4 * skip;");
            }

            for (var r = 0; r < 8; r++)
            {
                var row = first + (r * step);
                var pointer = IsFixed ? $"{w} + {row} * MainColumns + i" : (r < 4 ? "low" : "high") + (r % 4 == 0 ? string.Empty : r % 4 == 1 ? " + skip" : $" + skip{r % 4}");
                _code.Line($"{name}{r} = {MultiplyAdd(Load(pointer), "state", $"{name}{r}")};");
            }
        }
    }

    private string HiddenStrideName => IsFixed ? "HiddenStride" : "hiddenStride";

    private string MainColumnsName => IsFixed ? "MainColumns" : "mainColumns";

    private string IndexType => IsFixed ? "var" : "nint";

    private string CallRows(int rows, string sweep, string row) => IsFixed
        ? $"Rows{rows}{sweep}(W + {row} * MainColumns, tail + {row}, h, b + {row}, u + {row}, output + {row});"
        : $"Rows{rows}{sweep}(W + {row} * mainColumns, mainColumns, tail + {row}, hiddenStride, tailColumns, h, b + {row}, u + {row}, output + {row});";

    /// <summary>Calls the method for the rows that do not fill a register, whose number is a constant or a run-time value.</summary>
    private void WriteTailSwitch(Func<int, string> call)
    {
        if (IsFixed)
        {
            if (TailColumns > 0)
            {
                _code.Line(call(TailColumns));
            }

            return;
        }

        if (_lanes == 1)
        {
            return;
        }

        using (_code.Block("switch (tailColumns)"))
        {
            for (var rows = 1; rows < _lanes; rows++)
            {
                _code.Line($"case {rows}: {call(rows)} break;");
            }
        }
    }

    private void WriteTailRows(string sweep) => WriteTailSwitch(rows => CallRows(rows, sweep, MainColumnsName));

    private void WriteRows(int rows, string sweep)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        var sizes = IsFixed ? string.Empty : "nint stride, ";
        var tailSizes = IsFixed ? string.Empty : "nint tailStride, int tailColumns, ";
        using (_code.Block($"private static void Rows{rows}{sweep}({_element}* w, {sizes}{_element}* tail, {tailSizes}{_element}* h, {_element}* b, {_element}* u, {_element}* output)"))
        {
            _code.Line($"var a = {Load("b")} + {Load("u")};");
            if (sweep == "Down")
            {
                WriteTailColumns();
            }

            if (IsFixed && MainRegisters <= MostUnrolledRegisters)
            {
                WriteUnrolledDots(rows, sweep);
            }
            else
            {
                WriteRolledDots(rows, sweep);
            }

            if (sweep == "Up")
            {
                WriteTailColumns();
            }

            if (!IsFixed || MainRegisters > 0)
            {
                _code.Line($"a += {RowSumsOf(rows)};");
            }

            _code.Line($"{_form.Store("VectorMath.Tanh(a)", "output")};");
        }
    }

    private string RowSumsOf(int rows)
    {
        if (_form.IsScalar)
        {
            return "sum0";
        }

        // Few rows are folded to 128 bits first.
        var narrow = 128 / 8 / _type.Size();
        if (_form.Bits > 128 && rows <= narrow)
        {
            var folded = Enumerable.Range(0, narrow).Select(r => r < rows ? $"RowSums.Fold(sum{r})" : $"Vector128<{_element}>.Zero");
            var sum = $"RowSums.Of({string.Join(", ", folded)}).ToVector256()";
            return _form.Bits == 512 ? sum + ".ToVector512()" : sum;
        }

        var sums = Enumerable.Range(0, _lanes).Select(r => r < rows ? $"sum{r}" : Zero);
        return $"RowSums.Of({string.Join(", ", sums)})";
    }

    /// <summary>The columns of W past its last whole register lie by column: each is one multiply-add for all rows at once.</summary>
    private void WriteTailColumns()
    {
        if (_lanes == 1)
        {
            return;
        }

        if (IsFixed)
        {
            for (var column = 0; column < TailColumns; column++)
            {
                _code.Line($"a = {MultiplyAdd(Load(column == 0 ? "tail" : $"tail + {column} * HiddenStride"), _form.Broadcast($"h[MainColumns + {column}]"), "a")};");
            }

            return;
        }

        using (_code.Block("for (var column = 0; column < tailColumns; column++)"))
        {
            _code.Line($"a = {MultiplyAdd(Load("tail"), _form.Broadcast("h[stride + column]"), "a")};");
            _code.Line("tail += tailStride;");
        }
    }

    private void WriteUnrolledDots(int rows, string sweep)
    {
        for (var i = 0; i < MainRegisters; i++)
        {
            var v = sweep == "Up" ? i : MainRegisters - 1 - i;
            _code.Line($"{(i == 0 ? "var state" : "state")} = {Load(At("h", v * _lanes))};");
            for (var r = 0; r < rows; r++)
            {
                var load = Load(At(r == 0 ? "w" : $"w + {r} * MainColumns", v * _lanes));
                _code.Line(i == 0 ? $"var sum{r} = {load} * state;" : $"sum{r} = {MultiplyAdd(load, "state", $"sum{r}")};");
            }
        }
    }

    private void WriteRolledDots(int rows, string sweep)
    {
        for (var r = 0; r < rows; r++)
        {
            _code.Line($"var sum{r} = {Zero};");
        }

        WriteRowPointers("w", rows, "stride");
        var columns = IsFixed ? "MainColumns" : "stride";
        using (_code.Block(sweep == "Up"
            ? $"for (nint i = 0; i < {columns}; i += {_lanes})"
            : $"for (nint i = {columns} - {_lanes}; i >= 0; i -= {_lanes})"))
        {
            _code.Line($"var state = {Load("h + i")};");
            for (var r = 0; r < rows; r++)
            {
                _code.Line($"sum{r} = {MultiplyAdd(Load($"{RowPointer("w", r, "MainColumns")} + i"), "state", $"sum{r}")};");
            }
        }
    }

    /// <summary>Run-time strides: a base for every fourth row, reached with one, two or three strides by the address unit.</summary>
    private void WriteRowPointers(string name, int rows, string stride)
    {
        if (IsFixed)
        {
            return;
        }

        if (rows > 2)
        {
            _code.Line($"var {stride}2 = {stride} * 2;");
        }

        if (rows > 3)
        {
            _code.Line($"var {stride}3 = {stride} * 3;");
        }

        for (var r = 4; r < rows; r += 4)
        {
            _code.Line($"var {name}{r} = {name} + {r} * {stride};");
        }
    }

    private string RowPointer(string name, int row, string fixedStride)
    {
        if (IsFixed)
        {
            return row == 0 ? name : $"{name} + {row} * {fixedStride}";
        }

        var first = row / 4 * 4;
        var offset = (row % 4) switch { 0 => string.Empty, 1 => " + stride", 2 => " + stride2", _ => " + stride3" };
        return $"{name}{(first == 0 ? string.Empty : first.ToString())}{offset}";
    }

    private void WriteBackward()
    {
        var most = TilePlan.MostPanelAccumulators(_form);
        Summary("dz_t = (dh_t + W' dz_{t+1}) (1 - h_{t+1}^2): each row of W is scaled by its element of dz and added, all sums in registers.");
        using (_code.Block($"protected override void Backward({_element}* W, {_element}* h, {_element}* dh, int steps)"))
        {
            var mainColumns = MainColumnsName;
            if (!IsFixed)
            {
                _code.Line("var hiddenStride = HiddenStride;").Line("var mainColumns = MainColumns;");
                _code.Line("var tailColumns = HiddenSize - (int)mainColumns;");
                _code.Line($"var registers = (int)(mainColumns / {_lanes});");
            }

            _code.Line($"var dz = dh + (steps - 1) * (nint){HiddenStrideName};");
            _code.Line($"var output = h + steps * (nint){HiddenStrideName};");
            _code.Line($"var last = (HiddenSize - 1) * (nint){mainColumns};");
            _code.Line($"var tail = W + HiddenSize * (nint){mainColumns};");
            using (_code.Block($"for (nint i = 0; i < {HiddenStrideName}; i += {_lanes})"))
            {
                _code.Line($"var state = {Load("output + i")};");
                _code.Line($"{_form.Store($"{Load("dz + i")} * ({_form.Broadcast(_type.Literal(1))} - state * state)", "dz + i")};");
            }

            _code.Line();
            using (_code.Block("for (var t = steps - 2; t >= 0; t--)"))
            {
                _code.Line($"output -= {HiddenStrideName};");
                _code.Line($"var target = dz - {HiddenStrideName};");
                var sizes = IsFixed ? string.Empty : ", hiddenStride";
                WriteTailSwitch(rows => $"Tail{rows}(tail{sizes}, dz, output + {mainColumns}, target + {mainColumns});");
                _code.Line("// As forward, each sweep over W starts where the last one ended.");
                _code.Line("var down = (t & 1) == 0;");
                _code.Line("var rows = down ? W : W + last;");
                _code.Line("var elements = down ? dz : dz + (HiddenSize - 1);");
                _code.Line("var next = (nint)(down ? 1 : -1);");
                _code.Line($"var step = next * {mainColumns};");
                if (IsFixed)
                {
                    var start = 0;
                    foreach (var width in TilePlan.Split(MainRegisters, most))
                    {
                        _code.Line($"Panel{width}({At("rows", start)}, step, elements, next, HiddenSize, {At("output", start)}, {At("target", start)});");
                        start += width * _lanes;
                    }
                }
                else
                {
                    _code.Line($"var panels = (registers + {most - 1}) / {most};");
                    _code.Line("nint start = 0;");
                    using (_code.Block("for (var panel = 0; panel < panels; panel++)"))
                    {
                        _code.Line("var width = registers / panels + (panel < registers % panels ? 1 : 0);");
                        using (_code.Block("switch (width)"))
                        {
                            for (var width = 1; width <= most; width++)
                            {
                                _code.Line($"case {width}: Panel{width}(rows + start, step, elements, next, HiddenSize, output + start, target + start); break;");
                            }
                        }

                        _code.Line($"start += width * {_lanes};");
                    }
                }

                _code.Line($"dz -= {HiddenStrideName};");
            }
        }

        foreach (var width in IsFixed ? TilePlan.Split(MainRegisters, most).Distinct() : Enumerable.Range(1, most))
        {
            WritePanel(width);
        }

        for (var rows = 1; rows < _lanes; rows++)
        {
            if (!IsFixed || rows == TailColumns)
            {
                WriteTailDots(rows);
            }
        }
    }

    /// <summary>The last columns of W lie by column: each gives its element of W' dz as a dot product.</summary>
    private void WriteTailDots(int rows)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        var sizes = IsFixed ? string.Empty : ", nint stride";
        using (_code.Block($"private static void Tail{rows}({_element}* tail{sizes}, {_element}* dz, {_element}* output, {_element}* target)"))
        {
            for (var r = 0; r < rows; r++)
            {
                _code.Line($"var sum{r} = {Zero};");
            }

            WriteRowPointers("tail", rows, "stride");
            using (_code.Block($"for (nint i = 0; i < {(IsFixed ? "HiddenStride" : "stride")}; i += {_lanes})"))
            {
                _code.Line($"var gradient = {Load("dz + i")};");
                for (var r = 0; r < rows; r++)
                {
                    _code.Line($"sum{r} = {MultiplyAdd(Load($"{RowPointer("tail", r, "HiddenStride")} + i"), "gradient", $"sum{r}")};");
                }
            }

            WriteStoreGradient(0, RowSumsOf(rows));
        }
    }

    private void WriteStoreGradient(int register, string sum)
    {
        _code.Line($"var state{register} = {Load(At("output", register * _lanes))};");
        _code.Line($"{_form.Store($"({Load(At("target", register * _lanes))} + {sum}) * ({_form.Broadcast(_type.Literal(1))} - state{register} * state{register})", At("target", register * _lanes))};");
    }

    private void WritePanel(int width)
    {
        // Enough independent chains to hide the latency of a multiply-add: narrow panels take several rows at a time.
        var sets = width >= 8 ? 1 : width >= 4 ? 2 : Math.Min(4, 8 / width);
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        using (_code.Block($"private static void Panel{width}({_element}* w, nint step, {_element}* elements, nint next, int rows, {_element}* output, {_element}* target)"))
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
                using (_code.Block($"for (; row <= rows - {sets}; row += {sets})"))
                {
                    for (var s = 0; s < sets; s++)
                    {
                        WritePanelRow(s, width);
                    }
                }
            }

            using (_code.Block("for (; row < rows; row++)"))
            {
                WritePanelRow(0, width);
            }

            _code.Line();
            for (var v = 0; v < width; v++)
            {
                var sum = string.Join(" + ", Enumerable.Range(0, sets).Select(s => $"sum{s}_{v}"));
                WriteStoreGradient(v, sets > 1 ? $"({sum})" : sum);
            }
        }
    }

    private void WritePanelRow(int set, int width)
    {
        var element = set == 0 ? "element" : $"element{set}";
        _code.Line($"var {element} = {_form.Broadcast("*elements")};");
        for (var v = 0; v < width; v++)
        {
            _code.Line($"sum{set}_{v} = {MultiplyAdd(Load(At("w", v * _lanes)), element, $"sum{set}_{v}")};");
        }

        _code.Line("w += step;");
        _code.Line("elements += next;");
    }
}
