using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Tests.Gradients;

public class CellGradientCheckTests
{
    [Fact]
    public void Every_built_in_cell_passes()
    {
        foreach (var cell in BuiltInCells.All)
        {
            var check = CellGradientCheck.Run(cell);
            Assert.True(check.Ok, check.ToString());
            Assert.Equal(cell.Parameters.Count + 2, check.Parameters.Count);   // V and c
            Assert.StartsWith("gradient check passed", check.ToString());
        }
    }

    /// <summary>One element of one gate's gradient, at one time step, is a hundredth too large, or is not a number.</summary>
    [Theory]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_mistake_in_one_element_fails(double factor)
    {
        foreach (var cell in BuiltInCells.All)
        {
            var check = CellGradientCheck.Run(new Mistaken(cell, factor));
            Assert.False(check.Ok, check.ToString());
            Assert.StartsWith("gradient check failed", check.ToString());
        }
    }

    private sealed class Mistaken(CellDescription cell, double factor) : DelegatingCell(cell)
    {
        protected override IEnumerable<CellKernels<double>> DoubleKernels() => Right.Kernels<double>().Select(kernels => new MistakenKernels(kernels, factor));
    }

    private sealed class MistakenKernels(CellKernels<double> kernels, double factor) : CellKernels<double>(kernels.Lanes, kernels.InstructionSet)
    {
        public override void Forward(int phase, in ForwardRows<double> rows) => kernels.Forward(phase, rows);

        public override unsafe void Backward(int phase, in BackwardRows<double> rows)
        {
            kernels.Backward(phase, rows);
            rows.Gradients[0] *= factor;
        }
    }
}
