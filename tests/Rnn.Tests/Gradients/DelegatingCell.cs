using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>Another cell in all that is not overridden: what is overridden is the mistake of a test.</summary>
internal abstract class DelegatingCell(CellDescription right) : CellDescription
{
    public override string Name => Right.Name;

    public override IReadOnlyList<string> States => Right.States;

    public override IReadOnlyList<CellParameter> Parameters => Right.Parameters;

    public override IReadOnlyList<CellGate> Gates => Right.Gates;

    public override IReadOnlyList<string> Equations => Right.Equations;

    public override CellPlan Plan => Right.Plan;

    public override RecurrentCell Create(Func<string, Matrix> matrix, Func<string, Vector> vector) => Right.Create(matrix, vector);

    protected CellDescription Right { get; } = right;

    protected override IEnumerable<CellKernels<float>> SingleKernels() => Right.Kernels<float>();

    protected override IEnumerable<CellKernels<double>> DoubleKernels() => Right.Kernels<double>();
}
