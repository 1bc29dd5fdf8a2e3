using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Cells;

/// <summary>
/// A cell's equations and their gradient, sorted into phases. Products are formed one operand after the other; phase p is what can be
/// computed when the first p products are known, and ends with the operand of the next. Backward the phases come in falling order.
/// </summary>
internal sealed class CellAnalysis
{
    private readonly Dictionary<Node, int> _phase = [];
    private readonly Dictionary<Node, int> _kept = [];
    private readonly List<Node> _operands = [];

    public CellAnalysis(CellModel model)
    {
        Model = model;
        var nodes = Graph.From(Graph, model.Instructions);
        Next = [.. model.Results.Select(result => nodes[result])];
        States = [.. Enumerable.Range(0, model.States.Count).Select(i => Graph.Leaf(Operator.State, i))];
        var all = new HashSet<Node>(Next.SelectMany(node => node.Closure()));
        var ordered = all.OrderBy(node => node.Id).ToArray();

        // Operands in the order in which they can be known.
        foreach (var operand in ordered.Where(node => node.Operator == Operator.Product).Select(node => node.Left!).Distinct().OrderBy(Depth).ThenBy(node => node.Id))
        {
            _operands.Add(operand);
        }

        Products = [.. _operands.Select(operand => ordered.Where(node => node.Operator == Operator.Product && node.Left == operand).OrderBy(node => node.Index).ToArray())];
        Inputs = [.. ordered.Where(node => node.Operator == Operator.Input).OrderBy(node => node.Index)];
        Vectors = [.. ordered.Where(node => node.Operator == Operator.Vector).OrderBy(node => node.Index)];
        foreach (var node in ordered)
        {
            _phase[node] = node.Operator == Operator.Product
                ? _operands.IndexOf(node.Left!) + 1
                : node.Operands.Select(operand => _phase[operand]).DefaultIfEmpty(0).Max();
        }

        var back = Derivation.Of(
            Graph,
            Next.Select((result, i) => (result, i == 0 ? Graph.Add(Graph.Leaf(Operator.Above), Graph.Leaf(Operator.Later)) : Graph.Leaf(Operator.Later, i))),
            operand => operand.Operator == Operator.State ? null : Graph.Leaf(Operator.OperandGradient, _operands.IndexOf(operand)));

        Gradients = [.. Products.SelectMany(product => product).Concat(Inputs).Concat(Vectors).Select(leaf => back[leaf]).Distinct()];
        Earlier = [.. States.Select(state => back[state])];
        GradientOf = leaf => IndexOf(Gradients, back[leaf]);

        // What the backward pass and later phases read must be kept where it cannot be had from what is kept already.
        foreach (var operand in _operands.Where(operand => operand.Operator != Operator.State))
        {
            Keep(operand);
        }

        foreach (var gradient in Gradients.Concat(Earlier))
        {
            Require(gradient, int.MaxValue);
        }

        for (var phase = Phases - 1; phase > 0; phase--)
        {
            foreach (var target in ForwardTargets(phase).ToArray())
            {
                Require(target, phase, isTarget: true);
            }
        }
    }

    public CellModel Model { get; }

    public Graph Graph { get; } = new();

    /// <summary>The next states.</summary>
    public IReadOnlyList<Node> Next { get; }

    /// <summary>The states of the time step before.</summary>
    public IReadOnlyList<Node> States { get; }

    /// <summary>For each operand, in the order of the phases, the products with it.</summary>
    public IReadOnlyList<IReadOnlyList<Node>> Products { get; }

    public IReadOnlyList<Node> Operands => _operands;

    public IReadOnlyList<Node> Inputs { get; }

    public IReadOnlyList<Node> Vectors { get; }

    /// <summary>The distinct gradients of products, inputs and vectors.</summary>
    public IReadOnlyList<Node> Gradients { get; }

    /// <summary>The gradients of the previous states, without what comes through products.</summary>
    public IReadOnlyList<Node> Earlier { get; }

    /// <summary>Which of <see cref="Gradients"/> belongs to a product, an input or a vector.</summary>
    public Func<Node, int> GradientOf { get; }

    public int Phases => _operands.Count + 1;

    public int KeptCount => _kept.Count;

    /// <summary>
    /// Whether the gradients of a row may be written over what was kept of it: the backward pass reads that in one phase, before it stores, and
    /// no product needs it afterwards.
    /// </summary>
    public bool GradientsReplaceKept => _operands.All(operand => operand.Operator == Operator.State) && Enumerable.Range(0, Phases).Count(phase => BackwardTargets(phase).Any()) == 1;

    /// <summary>Where a node is kept; -1 where it is not.</summary>
    public int KeptAt(Node node) => _kept.TryGetValue(node, out var at) ? at : -1;

    /// <summary>The phase in which the forward pass can compute a node.</summary>
    public int PhaseOf(Node node) => _phase[node];

    /// <summary>What the forward pass stores in a phase: what is kept of it, and the states that are known then.</summary>
    public IEnumerable<Node> ForwardTargets(int phase) =>
        _kept.OrderBy(pair => pair.Value).Select(pair => pair.Key).Concat(Next.Where(node => KeptAt(node) < 0)).Where(node => _phase[node] == phase);

    /// <summary>What the backward pass stores in a phase.</summary>
    public IEnumerable<Node> BackwardTargets(int phase) =>
        Gradients.Concat(Earlier.Where(gradient => !gradient.Is(0))).Distinct().Where(gradient => BackwardPhaseOf(gradient) == phase);

    /// <summary>The phase in which the backward pass can compute a node: before that, an operand's gradient is not there yet.</summary>
    private int BackwardPhaseOf(Node gradient) => gradient.Closure()
        .Where(node => node.Operator == Operator.OperandGradient)
        .Select(node => node.Index)
        .DefaultIfEmpty(Phases - 1)
        .Min();

    private static int IndexOf(IReadOnlyList<Node> nodes, Node node)
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

    /// <summary>How many products lie behind a node, one behind the other.</summary>
    private static int Depth(Node node) => node.Operands.Select(Depth).DefaultIfEmpty(0).Max() + (node.Operator == Operator.Product ? 1 : 0);

    private void Keep(Node node)
    {
        // A next state is kept anyway, but a product wants its operand among what is kept.
        if (!_kept.ContainsKey(node) && (IndexOf(Next, node) < 0 || IndexOf(_operands, node) >= 0))
        {
            _kept.Add(node, _kept.Count);
        }
    }

    /// <summary>Sees to it that a reader in a later phase, or in the backward pass, can have a node.</summary>
    private void Require(Node node, int phase, bool isTarget = false)
    {
        var isForward = _phase.TryGetValue(node, out var own);
        if (isForward && !isTarget && own < phase && (KeptAt(node) >= 0 || IndexOf(Next, node) >= 0))
        {
            return;
        }

        var isNonlinear = node.Operator is Operator.Tanh or Operator.Sigmoid or Operator.SquareRoot or Operator.Divide;
        if (isForward && !isTarget && own < phase && (isNonlinear || ReadsProducts(node, phase)))
        {
            Keep(node);
            return;
        }

        foreach (var operand in node.Operator == Operator.Product ? [] : node.Operands)
        {
            Require(operand, phase);
        }
    }

    /// <summary>Whether a node needs sums that are gone by then, without anything kept in between.</summary>
    private bool ReadsProducts(Node node, int phase) =>
        node.Operator == Operator.Product
        || (node.Operator == Operator.Input && phase == int.MaxValue)
        || (node.Operator is not (Operator.Tanh or Operator.Sigmoid or Operator.SquareRoot or Operator.Divide) && node.Operands.Any(operand => KeptAt(operand) < 0 && ReadsProducts(operand, phase)));
}
