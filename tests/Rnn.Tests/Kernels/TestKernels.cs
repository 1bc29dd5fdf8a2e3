using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Tests.Kernels;

/// <summary>Shapes that are compiled into the tests and not into the product: every tail of every register width.</summary>
[RecurrentKernels(typeof(TestCell), typeof(TestRule), Shapes = "1x1+5x17+13x31+33x40+63x96+131x61")]
internal static partial class TestKernels
{
}
