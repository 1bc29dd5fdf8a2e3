using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary>What a training takes of the machine's memory.</summary>
internal static class TrainingMemory
{
    /// <summary>The bytes that a training takes.</summary>
    public static double Bytes(RunConfiguration configuration, int vocabularySize)
    {
        const int Lanes = 16, Program = 8_000_000;
        var shape = configuration.Shape((vocabularySize + Lanes - 1) / Lanes * Lanes) with { HiddenSize = (configuration.HiddenSize + Lanes - 1) / Lanes * Lanes };
        var (options, plan, slots) = (configuration.NetworkOptions, shape.Cell.Plan, BuiltInRules.Create(configuration.Optimizer).Slots.Count);

        // In the run: the weights that were drawn, the best twice, once more where it goes back to the last finite ones, two copies of the state.
        var copies = 4.0 + (2 * (1 + slots));

        // In the network: weights and slots, gradients, what is read the other way round; and a network of its own that writes.
        var isVanilla = VanillaNetwork<float>.IsFor(shape, options);
        copies += isVanilla ? 1 + slots + (options.IsClassic ? 0 : 1) + 2 : 3 + slots + 3;
        copies += configuration.IsValidated ? 4 : 0;   // what is validated, and the network that it is read with
        double m = shape.HiddenSize, rows = (configuration.SequenceLength + 1.0) * configuration.Streams;
        var inLayer = isVanilla ? 1 : shape.Cell.States.Count + plan.RoomForKept + plan.Inputs.Count + 1;
        var elements = (copies * shape.ParameterCount) + (m * shape.VocabularySize) + (rows * (shape.VocabularySize + (m * (2 + (shape.Layers * inLayer)))));
        return Program + configuration.TextLength + (elements * (configuration.Precision == Precision.Double ? 8 : 4));
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
