using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>The two steps that must go one time step after the other: W h forward and W' dz backward.</summary>
internal sealed partial class RecurrentEmitter
{
    /// <summary>Up to this many registers in a row of h, the sum over them is written out.</summary>
    private const int MostUnrolledRegisters = 8;

    private int HiddenRegisters => Registers(_shape!.Value.HiddenSize, _lanes);

    private void WriteForward()
    {
        var tail = IsFixed ? _shape!.Value.HiddenSize % _lanes : 0;
        Summary($"Row dots: {_lanes} rows of W at a time against h, summed across lanes at the end, so that one register of results is finished by bias, column of U and tanh.");
        using (_code.Block($"protected override void Forward({_element}* W, {_element}* U, {_element}* b, {_element}* h, int* x, int steps)"))
        {
            if (!IsFixed)
            {
                _code.Line("var hiddenStride = HiddenStride;");
            }

            var stride = IsFixed ? "HiddenStride" : "hiddenStride";
            _code.Line($"var whole = HiddenSize / {_lanes} * {_lanes};");
            using (_code.Block("for (var t = 0; t < steps; t++)"))
            {
                _code.Line($"var output = h + {stride};");
                _code.Line($"var u = U + x[t] * (nint){stride};");
                _code.Line();
                _code.Line("// W is larger than the nearest cache: a sweep down leaves its end there, so the next sweep goes up.");
                using (_code.Block("if ((t & 1) == 0)"))
                {
                    using (_code.Block($"for (var row = 0; row < whole; row += {_lanes})"))
                    {
                        _code.Line(CallRows(_lanes, stride));
                    }

                    WriteTailRows(tail, stride);
                }

                using (_code.Block("else"))
                {
                    WriteTailRows(tail, stride);
                    using (_code.Block($"for (var row = whole - {_lanes}; row >= 0; row -= {_lanes})"))
                    {
                        _code.Line(CallRows(_lanes, stride));
                    }
                }

                _code.Line();
                _code.Line($"h += {stride};");
            }
        }

        for (var rows = 1; rows <= _lanes; rows++)
        {
            if (rows == _lanes || rows == tail || !IsFixed)
            {
                WriteRows(rows);
            }
        }
    }

    private string CallRows(int rows, string stride, string row = "row") => IsFixed
        ? $"Rows{rows}(W + {row} * HiddenStride, h, b + {row}, u + {row}, output + {row});"
        : $"Rows{rows}(W + {row} * {stride}, {stride}, h, b + {row}, u + {row}, output + {row});";

    private void WriteTailRows(int tail, string stride)
    {
        if (IsFixed)
        {
            if (tail > 0)
            {
                _code.Line(CallRows(tail, stride, "whole"));
            }

            return;
        }

        if (_lanes == 1)
        {
            return;
        }

        using (_code.Block("switch (HiddenSize - whole)"))
        {
            for (var rows = 1; rows < _lanes; rows++)
            {
                _code.Line($"case {rows}: {CallRows(rows, stride, "whole")} break;");
            }
        }
    }

    private void WriteRows(int rows)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        var strideParameter = IsFixed ? string.Empty : "nint stride, ";
        using (_code.Block($"private static void Rows{rows}({_element}* w, {strideParameter}{_element}* h, {_element}* b, {_element}* u, {_element}* output)"))
        {
            if (IsFixed && HiddenRegisters <= MostUnrolledRegisters)
            {
                for (var v = 0; v < HiddenRegisters; v++)
                {
                    _code.Line($"{(v == 0 ? "var state" : "state")} = {Load(At("h", v * _lanes))};");
                    for (var r = 0; r < rows; r++)
                    {
                        var load = Load(At(r == 0 ? "w" : $"w + {r} * HiddenStride", v * _lanes));
                        _code.Line(v == 0 ? $"var sum{r} = {load} * state;" : $"sum{r} = {MultiplyAdd(load, "state", $"sum{r}")};");
                    }
                }
            }
            else
            {
                for (var r = 0; r < rows; r++)
                {
                    _code.Line($"var sum{r} = {Zero};");
                }

                WriteRowPointers("w", rows, "stride");
                using (_code.Block(IsFixed ? $"for (var i = 0; i < HiddenStride; i += {_lanes})" : $"for (nint i = 0; i < stride; i += {_lanes})"))
                {
                    _code.Line($"var state = {Load("h + i")};");
                    for (var r = 0; r < rows; r++)
                    {
                        _code.Line($"sum{r} = {MultiplyAdd(Load($"{RowPointer("w", r, "HiddenStride")} + i"), "state", $"sum{r}")};");
                    }
                }
            }

            var sums = string.Join(", ", Enumerable.Range(0, _lanes).Select(r => r < rows ? $"sum{r}" : Zero));
            _code.Line($"var a = {(_form.IsScalar ? "sum0" : $"RowSums.Of({sums})")} + {Load("b")} + {Load("u")};");
            _code.Line($"{_form.Store("VectorMath.Tanh(a)", "output")};");
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
            var stride = IsFixed ? "HiddenStride" : "hiddenStride";
            if (!IsFixed)
            {
                _code.Line("var hiddenStride = HiddenStride;");
                _code.Line($"var registers = (int)(hiddenStride / {_lanes});");
            }

            _code.Line($"var dz = dh + (steps - 1) * (nint){stride};");
            _code.Line($"var output = h + steps * (nint){stride};");
            _code.Line($"var last = (HiddenSize - 1) * (nint){stride};");
            using (_code.Block($"for (nint i = 0; i < {stride}; i += {_lanes})"))
            {
                _code.Line($"var state = {Load("output + i")};");
                _code.Line($"{_form.Store($"{Load("dz + i")} * ({_form.Broadcast(_type.Literal(1))} - state * state)", "dz + i")};");
            }

            _code.Line();
            using (_code.Block("for (var t = steps - 2; t >= 0; t--)"))
            {
                _code.Line($"output -= {stride};");
                _code.Line("// As forward, each sweep over W starts where the last one ended.");
                _code.Line("var down = (t & 1) == 0;");
                _code.Line("var rows = down ? W : W + last;");
                _code.Line("var elements = down ? dz : dz + (HiddenSize - 1);");
                _code.Line("var next = (nint)(down ? 1 : -1);");
                _code.Line($"var step = next * {stride};");
                _code.Line($"var target = dz - {stride};");
                if (IsFixed)
                {
                    var start = 0;
                    foreach (var width in TilePlan.Split(HiddenRegisters, most))
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

                _code.Line($"dz -= {stride};");
            }
        }

        foreach (var width in IsFixed ? TilePlan.Split(HiddenRegisters, most).Distinct() : Enumerable.Range(1, most))
        {
            WritePanel(width);
        }
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
                _code.Line($"var state{v} = {Load(At("output", v * _lanes))};");
                _code.Line($"{_form.Store($"({Load(At("target", v * _lanes))} + ({sum})) * ({_form.Broadcast(_type.Literal(1))} - state{v} * state{v})", At("target", v * _lanes))};");
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
