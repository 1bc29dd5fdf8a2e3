using System.Numerics;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>What <c>bench</c> measured, as it prints it and as a run's folder keeps it. Times are microseconds.</summary>
/// <param name="Kernels">The kernels timed.</param>
/// <param name="Shape">m and K.</param>
/// <param name="SequenceLength">T.</param>
/// <param name="Peak">10^9 operations a second of independent multiply-adds, measured in the same run.</param>
/// <param name="Operations">Floating-point operations of an update's products.</param>
/// <param name="Minimum">The fastest update.</param>
/// <param name="Median">The median update.</param>
/// <param name="ScalarMinimum">The fastest update in plain loops.</param>
/// <param name="ScalarMedian">The median update in plain loops.</param>
/// <param name="Parts">The parts of an update.</param>
internal sealed record UpdateTiming(
    string Kernels, NetworkShape Shape, int SequenceLength, double Peak, double Operations,
    double Minimum, double Median, double ScalarMinimum, double ScalarMedian, IReadOnlyList<PartTiming> Parts)
{
    /// <summary>The fastest update's operations a second as a share of the peak.</summary>
    public double ShareOfPeak => Operations / Minimum / 1e3 / Peak;

    /// <summary>Measures.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">m and K.</param>
    /// <param name="length">T.</param>
    /// <param name="allowFixed">Whether the shape's own kernels may be taken where they are compiled in.</param>
    /// <param name="progress">Is told between the measurements; null for nobody.</param>
    public static UpdateTiming Measure<T>(NetworkShape shape, int length, bool allowFixed, ProgressLine? progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var benchmark = new UpdateBenchmark<T>(shape, length);
        var kernels = CompiledKernels.Best<T>(shape, allowFixed);
        var rounds = (int)Math.Clamp(4e9 / benchmark.Operations, 20, 2000);
        progress?.Report("the processor's peak", 0);
        var peak = MultiplyAddPeak.Measure<T>();
        progress?.Report("updates", 0.1);
        var updates = benchmark.TimeUpdates(kernels, Math.Max(rounds / 10, 20));
        progress?.Report("parts of an update", 0.4);
        var parts = benchmark.TimeParts(kernels, rounds, scalarRounds: Math.Max(rounds / 100, 3));
        peak = Math.Max(peak, MultiplyAddPeak.Measure<T>());
        progress?.Report("scalar loops", 0.7);
        var scalar = benchmark.TimeScalarUpdates(Math.Max(rounds / 100, 3));
        return new(kernels.Name, shape, length, peak, benchmark.Operations, updates[0], updates[updates.Length / 2], scalar[0], scalar[scalar.Length / 2], parts);
    }

    /// <summary>One JSON object, as <c>bench --json</c> prints it and bench.json holds it.</summary>
    public string ToJson()
    {
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("processor", Processor.Name);
            json.WriteString("kernels", Kernels);
            json.WriteNumber("hidden", Shape.HiddenSize);
            json.WriteNumber("vocabulary", Shape.VocabularySize);
            json.WriteNumber("seq_length", SequenceLength);
            JsonNumbers.Write(json, "peak_gflops", Peak);
            json.WriteStartObject("update");
            JsonNumbers.Write(json, "operations", Operations);
            JsonNumbers.Write(json, "min_microseconds", Minimum);
            JsonNumbers.Write(json, "median_microseconds", Median);
            JsonNumbers.Write(json, "share_of_peak", ShareOfPeak);
            JsonNumbers.Write(json, "scalar_min_microseconds", ScalarMinimum);
            JsonNumbers.Write(json, "scalar_median_microseconds", ScalarMedian);
            json.WriteEndObject();
            json.WriteStartArray("parts");
            foreach (var part in Parts)
            {
                json.WriteStartObject();
                json.WriteString("name", part.Name);
                JsonNumbers.Write(json, "operations", part.Operations);
                JsonNumbers.Write(json, "bytes", part.Bytes);
                JsonNumbers.Write(json, "min_microseconds", part.Minimum);
                JsonNumbers.Write(json, "median_microseconds", part.Median);
                JsonNumbers.Write(json, "share_of_peak", part.GigaflopsPerSecond / Peak);
                JsonNumbers.Write(json, "scalar_min_microseconds", part.Scalar);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }, JsonText.Indented);
    }
}
