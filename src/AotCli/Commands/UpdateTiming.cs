using System.Numerics;
using System.Text.Json;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary>What <c>bench</c> measured, as it prints it and as a run's folder keeps it. Times are microseconds.</summary>
/// <param name="Kernels">The kernels timed.</param>
/// <param name="Lanes">Elements in a register of them.</param>
/// <param name="Shape">The cell and its sizes.</param>
/// <param name="SequenceLength">T.</param>
/// <param name="Streams">How many places of the text are read at once.</param>
/// <param name="Threads">How many threads share the work.</param>
/// <param name="Peak">10^9 operations a second of independent multiply-adds on one core, measured in the same run.</param>
/// <param name="Minimum">The fastest update.</param>
/// <param name="Median">The median update.</param>
/// <param name="ScalarMinimum">The fastest update in plain loops; null where there are none.</param>
/// <param name="ScalarMedian">The median update in plain loops; null where there are none.</param>
/// <param name="Parts">The parts of an update.</param>
/// <param name="RoundTrip">Nanoseconds that a line of memory takes to another core and back; null where there is one thread.</param>
internal sealed record UpdateTiming(
    string Kernels, int Lanes, NetworkShape Shape, int SequenceLength, int Streams, int Threads, double Peak,
    double Minimum, double Median, double? ScalarMinimum, double? ScalarMedian, IReadOnlyList<PartTiming> Parts, double? RoundTrip = null)
{
    /// <summary>Whether it is the textbooks' network by AdaGrad, which has kernels of its own; any other network is trained by Adam.</summary>
    public bool IsVanilla => IsFor(Shape, Streams);

    /// <summary>Floating-point operations of an update's products.</summary>
    public double Operations => Parts.Sum(part => part.Part.Operations);

    /// <summary>The fastest update's operations a second as a share of the peak of one core.</summary>
    public double ShareOfPeak => Operations / Minimum / 1e3 / Peak;

    /// <summary>In the fastest update.</summary>
    public double CharactersPerSecond => SequenceLength * (double)Streams * 1e6 / Minimum;

    /// <summary>Whether a network has the kernels of the textbooks' network.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    public static bool IsFor(NetworkShape shape, int streams) => VanillaNetwork<float>.IsFor(shape, new() { Streams = streams });

    /// <summary>Measures.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="length">T.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    /// <param name="threads">How many threads share the work; 1 for the textbooks' network.</param>
    /// <param name="allowFixed">Whether the shape's own kernels may be taken where they are compiled in.</param>
    /// <param name="progress">Is told between the measurements; null for nobody.</param>
    public static UpdateTiming Measure<T>(NetworkShape shape, int length, int streams, int threads, bool allowFixed, ProgressLine? progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        progress?.Report("the processor's peak", 0);
        var peak = MultiplyAddPeak.Measure<T>();
        return IsFor(shape, streams) ? MeasureVanilla<T>(shape, length, allowFixed, peak, progress) : MeasureLayers<T>(shape, length, streams, threads, allowFixed, peak, progress);
    }

    private static UpdateTiming MeasureVanilla<T>(NetworkShape shape, int length, bool allowFixed, double peak, ProgressLine? progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var benchmark = new UpdateBenchmark<T>(shape, length);
        var kernels = CompiledKernels.Best<T>(shape, allowFixed);
        var rounds = (int)Math.Clamp(4e9 / benchmark.Operations, 20, 2000);
        progress?.Report("updates", 0.1);
        var updates = benchmark.TimeUpdates(kernels, Math.Max(rounds / 10, 20));
        progress?.Report("parts of an update", 0.4);
        var parts = benchmark.TimeParts(kernels, rounds, scalarRounds: Math.Max(rounds / 100, 3));
        peak = Math.Max(peak, MultiplyAddPeak.Measure<T>());
        progress?.Report("scalar loops", 0.7);
        var scalar = benchmark.TimeScalarUpdates(Math.Max(rounds / 100, 3));
        return new(kernels.Name, kernels.Layout.Lanes, shape, length, 1, 1, peak, updates[0], updates[updates.Length / 2], scalar[0], scalar[scalar.Length / 2], parts);
    }

    private static UpdateTiming MeasureLayers<T>(NetworkShape shape, int length, int streams, int threads, bool allowFixed, double peak, ProgressLine? progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var roundTrip = threads > 1 ? CoreDistance.RoundTrip() : null;
        using var benchmark = new LayeredBenchmark<T>(shape, length, streams, threads, allowFixed);
        var rounds = (int)Math.Clamp(4e10 / benchmark.Operations, 7, 1000);
        progress?.Report("updates", 0.1);
        var updates = benchmark.TimeUpdates(rounds);
        progress?.Report("parts of an update", 0.5);
        var parts = benchmark.TimeParts(rounds);
        peak = Math.Max(peak, MultiplyAddPeak.Measure<T>());
        return new(benchmark.Kernels, benchmark.Lanes, shape, length, streams, threads, peak, updates[0], updates[rounds / 2], null, null, parts, roundTrip);
    }

    /// <summary>One JSON object, as <c>bench --json</c> prints it and bench.json holds it.</summary>
    public string ToJson()
    {
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("processor", Processor.Name);
            json.WriteString("kernels", Kernels);
            WriteNetwork(json);
            JsonNumbers.Write(json, "peak_gflops", Peak);
            if (RoundTrip is { } trip)
            {
                JsonNumbers.Write(json, "core_round_trip_nanoseconds", trip);
            }

            json.WriteStartObject("update");
            JsonNumbers.Write(json, "operations", Operations);
            JsonNumbers.Write(json, "min_microseconds", Minimum);
            JsonNumbers.Write(json, "median_microseconds", Median);
            JsonNumbers.Write(json, "share_of_peak", ShareOfPeak);
            if (ScalarMinimum is { } fastest && ScalarMedian is { } median)
            {
                JsonNumbers.Write(json, "scalar_min_microseconds", fastest);
                JsonNumbers.Write(json, "scalar_median_microseconds", median);
            }
            else
            {
                JsonNumbers.Write(json, "characters_per_second", CharactersPerSecond);
            }

            json.WriteEndObject();
            json.WriteStartArray("parts");
            foreach (var part in Parts)
            {
                json.WriteStartObject();
                json.WriteString("name", part.Part.Name);
                JsonNumbers.Write(json, "operations", part.Part.Operations);
                JsonNumbers.Write(json, "bytes", part.Part.Bytes);
                JsonNumbers.Write(json, "min_microseconds", part.Minimum);
                JsonNumbers.Write(json, "median_microseconds", part.Median);
                JsonNumbers.Write(json, "share_of_peak", part.GigaflopsPerSecond / Peak);
                if (part.Scalar is { } scalar)
                {
                    JsonNumbers.Write(json, "scalar_min_microseconds", scalar);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }, JsonText.Indented);
    }

    /// <summary>What was timed, into an object that is open.</summary>
    public void WriteNetwork(Utf8JsonWriter json)
    {
        if (!IsVanilla)
        {
            json.WriteString("cell", Shape.Cell.Name);
            json.WriteNumber("layers", Shape.Layers);
            json.WriteNumber("streams", Streams);
            json.WriteNumber("threads", Threads);
            json.WriteString("optimizer", LayeredPart.Optimizer);
        }

        json.WriteNumber("hidden", Shape.HiddenSize);
        json.WriteNumber("vocabulary", Shape.VocabularySize);
        json.WriteNumber("seq_length", SequenceLength);
    }

    /// <summary>Writes the tables.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{Processor.Name}; {Kernels}, {Describe()}");
        output.WriteLine($"peak {Peak:f1} GFLOP/s (multiply-adds in registers, one core, measured in this run){(RoundTrip is { } trip ? $"; {trip:f0} ns to another core and back" : string.Empty)}");
        output.WriteLine();
        output.WriteLine($"{"part",-20}{"MFLOP",8}{"KB",8}{"min us",10}{"median us",11}{"of peak",9}{(IsVanilla ? $"{"scalar us",11}{"faster",8}" : string.Empty)}");
        foreach (var part in Parts)
        {
            var ofPeak = part.Part.Operations > 0 ? $"{part.GigaflopsPerSecond / Peak,8:p0}" : string.Empty;
            output.WriteLine($"{part.Part.Name,-20}{part.Part.Operations / 1e6,8:f2}{part.Part.Bytes / 1024,8:f0}{part.Minimum,10:f2}{part.Median,11:f2}{ofPeak,9}{BesideScalar(part.Scalar, part.Minimum)}");
        }

        output.WriteLine($"{"whole update",-20}{Operations / 1e6,8:f2}{string.Empty,8}{Minimum,10:f2}{Median,11:f2}{ShareOfPeak,9:p0}{BesideScalar(ScalarMinimum, Minimum)}");
        if (!IsVanilla)
        {
            output.WriteLine();
            output.WriteLine($"{CharactersPerSecond:n0} characters a second");
        }
    }

    /// <summary>How much an update is, in a heading.</summary>
    public string Describe() => IsVanilla
        ? $"{SequenceLength} characters an update"
        : $"{SequenceLength} characters of each of {Streams} {(Streams == 1 ? "stream" : "streams")} an update, Adam, {Threads} {(Threads == 1 ? "thread" : "threads")}";

    private static string BesideScalar(double? scalar, double minimum) => scalar is { } loops ? $"{loops,11:f1}{loops / minimum,7:f0}x" : string.Empty;
}
