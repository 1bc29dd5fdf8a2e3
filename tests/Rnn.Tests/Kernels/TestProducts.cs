using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Tests.Kernels;

/// <summary>Products whose depths are compiled into the tests and not into the product.</summary>
[ProductKernels(Shapes = "testcell:33x20+gatedtestcell:20x64")]
internal static partial class TestProducts
{
}
