using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>The cells' part of <c>charrnn bench --verify</c>: it passes what is right, and finds what is not.</summary>
public sealed unsafe class CellVerificationTests
{
    public static TheoryData<string> Cells() => [.. BuiltInCells.All.Select(cell => cell.Name)];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_cell_agrees_with_its_equations_in_every_register_form(string name)
    {
        var cell = BuiltInCells.Find(name)!;
        foreach (var (m, k, layers, streams) in ((int, int, int, int)[])[(1, 3, 1, 1), (21, 16, 2, 3), (40, 40, 1, 16)])
        {
            var verification = new CellVerification(new NetworkShape(m, k) { Cell = cell, Layers = layers }, streams, seed: 5);
            foreach (var form in cell.Kernels<float>().Select(kernels => kernels.InstructionSet))
            {
                Assert.Empty(verification.Run<float>(form));
                Assert.Empty(verification.Run<double>(form));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mistake_in_one_unit_is_found_and_said_where_it_is(bool backward)
    {
        var verification = new CellVerification(new NetworkShape(21, 16) { Cell = new Mistaken(backward), Layers = 2 }, streams: 3, seed: 5);
        foreach (var form in Lstm.Description.Kernels<float>().Select(kernels => kernels.InstructionSet))
        {
            foreach (var failures in (IReadOnlyList<string>[])[verification.Run<float>(form), verification.Run<double>(form)])
            {
                Assert.Contains(failures, failure => failure.Contains(form, StringComparison.Ordinal) && failure.Contains("3 streams: gradient of layer0.", StringComparison.Ordinal));
                Assert.Equal(!backward, failures.Any(failure => failure.Contains("3 streams: states", StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>The LSTM with kernels that are a hundredth off in the first unit of the first row.</summary>
    private sealed class Mistaken(bool backward) : DelegatingCell(Lstm.Description)
    {
        public override string Name => "mistaken";

        protected override IEnumerable<CellKernels<float>> SingleKernels() => Right.Kernels<float>().Select(kernels => new Kernels<float>(kernels, backward));

        protected override IEnumerable<CellKernels<double>> DoubleKernels() => Right.Kernels<double>().Select(kernels => new Kernels<double>(kernels, backward));
    }

    private sealed class Kernels<T>(CellKernels<T> right, bool backward) : CellKernels<T>(right.Lanes, right.InstructionSet)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        public override void Forward(int phase, in ForwardRows<T> rows)
        {
            right.Forward(phase, rows);
            *rows.Next *= T.CreateChecked(backward ? 1 : 1.01);
        }

        public override void Backward(int phase, in BackwardRows<T> rows)
        {
            right.Backward(phase, rows);
            *rows.Gradients *= T.CreateChecked(backward ? 1.01 : 1);
        }
    }
}
