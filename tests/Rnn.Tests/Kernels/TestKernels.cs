using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Tests.Kernels;

/// <summary>Shapes that are compiled into the tests and not into the product: every tail of every register width.</summary>
[RecurrentKernels(Shapes = "1x1+5x2+7x31+13x17+16x16+33x40+63x96+100x61+131x97")]
internal static partial class TestKernels
{
}
