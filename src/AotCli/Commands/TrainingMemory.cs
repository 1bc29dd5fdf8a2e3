using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>What a training takes of the machine's memory.</summary>
internal static class TrainingMemory
{
    /// <summary>The bytes that a training takes.</summary>
    public static double Bytes(RunConfiguration configuration, int vocabularySize)
    {
        const int Padding = 64;
        long m = configuration.HiddenSize + Padding, k = vocabularySize + Padding, n = configuration.SequenceLength + 1L;
        long size = configuration.Precision == Precision.Double ? 8 : 4;
        // Weights, V twice, AdaGrad's sums; two copies of the state, one of the best weights, and the copies of a checkpoint on its way to the disk.
        return (double)size * ((11.0 * m * (m + (2.0 * k))) + (n * ((2.0 * m) + k)));
    }

    /// <summary>Refuses what cannot fit before anything is taken or written.</summary>
    /// <exception cref="UsageException">A training of these settings cannot fit.</exception>
    public static void Check(RunConfiguration configuration, int vocabularySize)
    {
        const int Padding = 64;
        long m = configuration.HiddenSize + Padding, k = vocabularySize + Padding, n = configuration.SequenceLength + 1L;
        long size = configuration.Precision == Precision.Double ? 8 : 4;
        var bytes = Bytes(configuration, vocabularySize);
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var largest = Math.Max(m * Math.Max(m, k), n * Math.Max(m, k));
        if (largest * size > Array.MaxLength || (available > 0 && bytes > available))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--hidden {configuration.HiddenSize} with {vocabularySize} distinct characters and --seq-length {configuration.SequenceLength} takes about {bytes / 1e9:F1} GB of memory, in pieces of {largest * (double)size / 1e9:F1} GB (2.1 at most); {available / 1e9:F1} GB are there: choose a smaller --hidden or --seq-length"));
        }
    }
}
