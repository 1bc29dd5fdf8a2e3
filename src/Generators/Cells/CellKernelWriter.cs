using CharRnn.Generators.Emission;
using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Cells;

/// <summary>Writes the kernels of one cell in one element type and register form: a method for each phase, forward and backward.</summary>
internal sealed class CellKernelWriter(CodeWriter code, CellAnalysis analysis, ElementType type, VectorForm form)
{
    private readonly string _element = type.Keyword();
    private readonly int _lanes = form.Lanes(type);

    public void Write()
    {
        var model = analysis.Model;
        using (code.Block($"{model.Accessibility} sealed partial class {model.ClassName}"))
        {
            code.Line($"/// <summary>The equations, {_element}, {form}:</summary>");
            code.Line("/// <remarks><code>");
            foreach (var line in model.Source)
            {
                code.Line($"/// {line.Replace("&", "&amp;").Replace("<", "&lt;")}");
            }

            code.Line("/// </code></remarks>");
            var name = CellEmitter.KernelClass(type, form);
            using (code.Block($"private sealed unsafe class {name}() : CellKernels<{_element}>({_lanes}, \"{form}\")"))
            {
                WriteChoice("Forward", phase => analysis.ForwardTargets(phase).Any());
                code.Line();
                WriteChoice("Backward", phase => BackwardTargets(phase).Any());
                for (var phase = 0; phase < analysis.Phases; phase++)
                {
                    if (analysis.ForwardTargets(phase).Any())
                    {
                        code.Line();
                        WriteForward(phase);
                    }

                    if (BackwardTargets(phase).Any())
                    {
                        code.Line();
                        WriteBackward(phase);
                    }
                }
            }
        }
    }

    private IEnumerable<Node> BackwardTargets(int phase) => analysis.BackwardTargets(phase);

    private void WriteChoice(string direction, Func<int, bool> hasPhase)
    {
        using (code.Block($"public override void {direction}(int phase, in {direction}Rows<{_element}> rows)"))
        using (code.Block("switch (phase)"))
        {
            for (var phase = 0; phase < analysis.Phases; phase++)
            {
                if (hasPhase(phase))
                {
                    code.Line($"case {phase}: {direction}{phase}(rows); break;");
                }
            }
        }
    }

    private void WriteForward(int phase)
    {
        var targets = analysis.ForwardTargets(phase).ToArray();
        var product = phase == 0 ? [] : analysis.Products[phase - 1];
        var read = new HashSet<string>();
        string? Leaf(Node node) => node.Operator switch
        {
            Operator.State => Read("previous", node.Index),
            Operator.Vector => Read("vectors", Position(analysis.Vectors, node)),
            Operator.Input => Read("inputs", Position(analysis.Inputs, node)),
            Operator.Product when analysis.PhaseOf(node) == phase => form.Load(At("products", $"{Position(product, node) * _lanes}")),
            _ when IsEarlier(node, phase) => analysis.KeptAt(node) is >= 0 and var kept ? Read("kept", kept) : Read("next", Position(analysis.Next, node)),
            _ => null,
        };

        code.Line($"// {Sentence(phase, "what the products before it make known")}");
        using (code.Block($"private static void Forward{phase}(in ForwardRows<{_element}> rows)"))
        {
            using (code.Block("for (var row = 0; row < rows.Rows; row++)"))
            {
                Pointers(targets.SelectMany(target => Loaded(target, Leaf)), ForwardPointers(), targets.Any(target => analysis.KeptAt(target) >= 0), analysis.Next.Any(targets.Contains), false, product.Count > 0);
                using (code.Block($"for (nint unit = 0; unit < rows.Registers * {_lanes}; unit += {_lanes})"))
                {
                    var writer = new PointwiseWriter(code, form, type, Leaf, "row", "rows", "unit", "previous", "next", "vectors", "inputs", "kept", "products", "stride");
                    writer.Declare(targets);
                    foreach (var target in targets)
                    {
                        if (analysis.KeptAt(target) is >= 0 and var kept)
                        {
                            code.Line($"{form.Store(writer.Text(target), Place("kept", kept))};");
                        }

                        for (var state = 0; state < analysis.Next.Count; state++)
                        {
                            if (analysis.Next[state] == target)
                            {
                                code.Line($"{form.Store(writer.Text(target), Place("next", state))};");
                            }
                        }
                    }

                    if (product.Count > 0)
                    {
                        code.Line($"products += {product.Count * _lanes};");
                    }
                }
            }
        }

        string Read(string pointer, int index)
        {
            read.Add(pointer);
            return form.Load(Place(pointer, index));
        }
    }

    private bool IsEarlier(Node node, int phase) =>
        analysis.PhaseOf(node) < phase && (analysis.KeptAt(node) >= 0 || Position(analysis.Next, node) >= 0);

    private void WriteBackward(int phase)
    {
        var targets = BackwardTargets(phase).ToArray();
        string? Leaf(Node node) => node.Operator switch
        {
            Operator.Above => form.Load("above + unit"),
            Operator.Later => form.Load(Place("later", node.Index)),
            Operator.OperandGradient => form.Load(Place("operands", node.Index)),
            Operator.State => form.Load(Place("previous", node.Index)),
            Operator.Vector => form.Load(Place("vectors", Position(analysis.Vectors, node))),
            _ when analysis.KeptAt(node) is >= 0 and var kept => form.Load(Place("kept", kept)),
            _ when Position(analysis.Next, node) is >= 0 and var state => form.Load(Place("next", state)),
            _ => null,
        };

        code.Line($"// {Sentence(phase, "gradients, with what the later products handed back")}");
        using (code.Block($"private static void Backward{phase}(in BackwardRows<{_element}> rows)"))
        {
            using (code.Block("for (var row = 0; row < rows.Rows; row++)"))
            {
                var loaded = targets.SelectMany(target => Loaded(target, Leaf)).ToArray();
                Pointers(loaded, BackwardPointers(), false, false, true, false);
                using (code.Block($"for (nint unit = 0; unit < rows.Registers * {_lanes}; unit += {_lanes})"))
                {
                    var writer = new PointwiseWriter(code, form, type, Leaf, "row", "rows", "unit", "previous", "next", "vectors", "kept", "above", "later", "earlier", "operands", "gradients", "stride");

                    // Where gradients are written over what was kept, that is read first, all of it.
                    writer.Declare(targets, node => analysis.GradientsReplaceKept && analysis.KeptAt(node) >= 0);
                    for (var gradient = 0; gradient < analysis.Gradients.Count; gradient++)
                    {
                        if (targets.Contains(analysis.Gradients[gradient]))
                        {
                            code.Line($"{form.Store(writer.Text(analysis.Gradients[gradient]), Place("gradients", gradient))};");
                        }
                    }

                    for (var state = 0; state < analysis.Earlier.Count; state++)
                    {
                        if (targets.Contains(analysis.Earlier[state]))
                        {
                            code.Line($"{form.Store(writer.Text(analysis.Earlier[state]), Place("earlier", state))};");
                        }
                    }
                }
            }
        }
    }

    private string Sentence(int phase, string what) => analysis.Phases == 2 ? "All units of a row, a register at a time." : $"Phase {phase}: {what}.";

    private static (string Name, string Address)[] ForwardPointers() =>
    [
        ("previous", "rows.Previous + row * rows.StateRow"),
        ("next", "rows.Next + row * rows.StateRow"),
        ("vectors", "rows.Vectors"),
        ("inputs", "rows.Inputs[row]"),
        ("kept", "rows.Kept + row * rows.KeptRow"),
    ];

    private static (string Name, string Address)[] BackwardPointers() =>
    [
        ("above", "rows.Above + row * rows.AboveRow"),
        ("later", "rows.Later + row * rows.StateRow"),
        ("operands", "rows.Operands + row * rows.OperandRow"),
        ("previous", "rows.Previous + row * rows.StateRow"),
        ("next", "rows.Next + row * rows.StateRow"),
        ("vectors", "rows.Vectors"),
        ("kept", "rows.Kept + row * rows.KeptRow"),
    ];

    /// <summary>The addresses of a row, of those that are read or written.</summary>
    private void Pointers(IEnumerable<string> loads, (string Name, string Address)[] pointers, bool storesKept, bool storesNext, bool storesGradients, bool readsProducts)
    {
        var used = new HashSet<string>(loads.SelectMany(load => pointers.Select(pointer => pointer.Name).Where(name => load.Contains(name + " +"))));
        if (storesKept)
        {
            used.Add("kept");
        }

        if (storesNext)
        {
            used.Add("next");
        }

        foreach (var (name, address) in pointers.Where(pointer => used.Contains(pointer.Name)))
        {
            code.Line($"var {name} = {address} + rows.First;");
        }

        if (storesGradients)
        {
            code.Line("var gradients = rows.Gradients + row * rows.GradientRow + rows.First;");
            code.Line("var earlier = rows.Earlier + row * rows.StateRow + rows.First;");
        }

        if (readsProducts)
        {
            code.Line("var products = rows.Products + row * rows.ProductRow;");
        }

        code.Line("var stride = rows.Stride;");
    }

    private static IEnumerable<string> Loaded(Node target, Func<Node, string?> leaf) => leaf(target) is { } load ? [load] : target.Operands.SelectMany(operand => Loaded(operand, leaf));

    private static int Position(IReadOnlyList<Node> nodes, Node node)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes[i] == node)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A unit's register of the n-th vector of a row.</summary>
    private static string Place(string pointer, int index) => index switch
    {
        0 => $"{pointer} + unit",
        1 => $"{pointer} + stride + unit",
        _ => $"{pointer} + {index} * stride + unit",
    };

    private static string At(string pointer, string offset) => offset == "0" ? pointer : $"{pointer} + {offset}";
}
