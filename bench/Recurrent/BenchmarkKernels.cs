using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Tests.Kernels;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>The recurrent network's kernels in every register form: with run-time sizes, and for the shapes that the project file compiles in.</summary>
[RecurrentKernels(typeof(TestCell), typeof(TestRule))]
internal static partial class BenchmarkKernels
{
}
