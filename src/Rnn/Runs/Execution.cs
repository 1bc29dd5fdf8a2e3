using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>What a training runs on: a matter of time, which the run does not keep.</summary>
/// <param name="Kernels">The kernels, for one vanilla layer and one stream; null takes the best.</param>
/// <param name="Threads">How many threads share the work.</param>
/// <param name="AllowFixed">Whether products of any other network may have its sizes compiled in.</param>
public sealed record Execution<T>(RecurrentKernels<T>? Kernels, int Threads, bool AllowFixed = true)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>As many threads as the process has cores where streams or size make it worth it, else one.</summary>
    public static int DefaultThreads(RunConfiguration configuration)
    {
        var (shape, options) = (configuration.Shape(1), configuration.NetworkOptions);
        return VanillaNetwork<T>.IsFor(shape, options) || !LayeredNetwork<T>.IsWorthSharing(shape, options) ? 1 : Environment.ProcessorCount;
    }
}
