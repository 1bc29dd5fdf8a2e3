using System.Numerics;
using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Runs;

/// <summary>What a training runs on: a matter of time, which the run does not keep.</summary>
/// <param name="Kernels">The kernels, for one vanilla layer and one stream; null takes the best.</param>
/// <param name="Threads">How many threads share the work.</param>
public sealed record Execution<T>(RecurrentKernels<T>? Kernels, int Threads)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From so many streams on, or so many hidden units, another thread is worth its waiting.</summary>
    private const int StreamsWorthSharing = 4, HiddenSizeWorthSharing = 256;

    /// <summary>As many threads as the process has cores where streams or size make it worth it, else one.</summary>
    public static int DefaultThreads(RunConfiguration configuration) =>
        configuration.Streams >= StreamsWorthSharing || (configuration.HiddenSize >= HiddenSizeWorthSharing && !IsSequential(configuration)) ? Environment.ProcessorCount : 1;

    /// <summary>Whether the network is the textbooks', whose kernels are one thread's.</summary>
    private static bool IsSequential(RunConfiguration configuration) => Training.VanillaNetwork<T>.IsFor(configuration.Shape(1), configuration.NetworkOptions);
}
