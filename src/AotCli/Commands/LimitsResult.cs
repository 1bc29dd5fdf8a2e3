using System.Numerics;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>What <c>bench --limits</c> measured: the processor's limits, and an update beside what they allow.</summary>
/// <param name="Limits">One for each register width, widest first.</param>
/// <param name="Update">The update, measured in the same run.</param>
/// <param name="Bounds">What the limits allow its parts, in microseconds on one core.</param>
internal sealed record LimitsResult(IReadOnlyList<ProcessorLimits> Limits, UpdateTiming Update, IReadOnlyList<PartBound> Bounds)
{
    /// <summary>What the limits allow the whole update, in microseconds.</summary>
    public double Bound => Bounds.Sum(part => part.Microseconds);

    /// <summary>Measures.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="length">T.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    /// <param name="allowFixed">Whether the shape's own kernels may be taken where they are compiled in.</param>
    /// <param name="progress">Is told between the measurements.</param>
    public static LimitsResult Measure<T>(NetworkShape shape, int length, int streams, bool allowFixed, ProgressLine progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        progress.Report("the processor's limits", 0);
        var limits = ProcessorLimits.Measure<T>();
        var update = UpdateTiming.Measure<T>(shape, length, streams, threads: 1, allowFixed, progress);
        var used = limits.FirstOrDefault(width => width.Lanes == update.Lanes, limits[0]);
        return new(limits, update, PartBound.Of([.. update.Parts.Select(part => part.Part)], used, length));
    }

    /// <summary>Writes the tables.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{Processor.Name}; one core");
        foreach (var width in Limits)
        {
            output.WriteLine();
            output.WriteLine($"{width.Bits}-bit registers: peak {width.Peak:f1} GFLOP/s (independent multiply-adds in registers)");
            output.WriteLine($"  multiply-adds with one operand from memory, swept back and forth");
            output.WriteLine($"  {"KB",6}{"GFLOP/s",10}{"bytes/ns",10}{"of peak",9}");
            foreach (var sweep in width.Sweeps)
            {
                output.WriteLine($"  {sweep.Kilobytes,6}{sweep.GigaflopsPerSecond,10:f1}{sweep.BytesPerNanosecond,10:f1}{sweep.GigaflopsPerSecond / width.Peak,9:p0}");
            }

            output.WriteLine($"  square root and division: {width.RootsPerMicrosecond:f0} registers a microsecond");
            output.WriteLine($"  beside multiply-adds, nanoseconds a register");
            output.WriteLine($"  {"multiply-adds",14}{"alone",8}{"sqrt, div",11}{"sum",8}{"together",10}{"hidden",8}");
            foreach (var overlap in width.Overlaps)
            {
                output.WriteLine($"  {overlap.MultiplyAdds,14}{overlap.MultiplyAddTime,8:f2}{overlap.RootTime,11:f2}{overlap.MultiplyAddTime + overlap.RootTime,8:f2}{overlap.TogetherTime,10:f2}{overlap.Hidden,8:p0}");
            }
        }

        output.WriteLine();
        output.WriteLine($"{Update.Kernels}, {Update.Describe()}: the least time that these limits allow, in microseconds, and the fastest run");
        output.WriteLine($"{"part",-20}{"multiply-adds",14}{"memory",8}{(Update.IsVanilla ? "AdaGrad" : "Adam"),9}{"bound",8}{"measured",10}  {"limited by"}");
        for (var i = 0; i < Bounds.Count; i++)
        {
            var bound = Bounds[i];
            output.WriteLine($"{bound.Name,-20}{bound.MultiplyAdds,14:f2}{bound.Memory,8:f2}{bound.Roots,9:f2}{bound.Microseconds,8:f2}{Update.Parts[i].Minimum,10:f2}  {bound.Limit}");
        }

        output.WriteLine($"{"whole update",-20}{Bounds.Sum(part => part.MultiplyAdds),14:f2}{Bounds.Sum(part => part.Memory),8:f2}{Bounds.Sum(part => part.Roots),9:f2}{Bound,8:f2}{Update.Minimum,10:f2}  {Bound / Update.Minimum:p0} of what the limits allow, {Update.ShareOfPeak:p0} of the peak");
        output.WriteLine(Update.IsVanilla ? "tanh and exp are not in the bound." : "The cell's functions and exp are not in the bound.");
    }

    /// <summary>One JSON object.</summary>
    public string ToJson()
    {
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("processor", Processor.Name);
            json.WriteStartArray("limits");
            foreach (var width in Limits)
            {
                json.WriteStartObject();
                json.WriteNumber("bits", width.Bits);
                JsonNumbers.Write(json, "peak_gflops", width.Peak);
                json.WriteStartArray("sweeps");
                foreach (var sweep in width.Sweeps)
                {
                    json.WriteStartObject();
                    json.WriteNumber("kilobytes", sweep.Kilobytes);
                    JsonNumbers.Write(json, "gflops", sweep.GigaflopsPerSecond);
                    JsonNumbers.Write(json, "bytes_per_nanosecond", sweep.BytesPerNanosecond);
                    JsonNumbers.Write(json, "share_of_peak", sweep.GigaflopsPerSecond / width.Peak);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                JsonNumbers.Write(json, "roots_per_microsecond", width.RootsPerMicrosecond);
                json.WriteStartArray("overlaps");
                foreach (var overlap in width.Overlaps)
                {
                    json.WriteStartObject();
                    json.WriteNumber("multiply_adds", overlap.MultiplyAdds);
                    JsonNumbers.Write(json, "multiply_adds_nanoseconds", overlap.MultiplyAddTime);
                    JsonNumbers.Write(json, "root_nanoseconds", overlap.RootTime);
                    JsonNumbers.Write(json, "together_nanoseconds", overlap.TogetherTime);
                    JsonNumbers.Write(json, "hidden", overlap.Hidden);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("kernels", Update.Kernels);
            Update.WriteNetwork(json);
            JsonNumbers.Write(json, "bound_microseconds", Bound);
            JsonNumbers.Write(json, "min_microseconds", Update.Minimum);
            JsonNumbers.Write(json, "median_microseconds", Update.Median);
            JsonNumbers.Write(json, "share_of_peak", Update.ShareOfPeak);
            json.WriteStartArray("parts");
            for (var i = 0; i < Bounds.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("name", Bounds[i].Name);
                JsonNumbers.Write(json, "multiply_adds_microseconds", Bounds[i].MultiplyAdds);
                JsonNumbers.Write(json, "memory_microseconds", Bounds[i].Memory);
                JsonNumbers.Write(json, Update.IsVanilla ? "adagrad_microseconds" : "adam_microseconds", Bounds[i].Roots);
                JsonNumbers.Write(json, "bound_microseconds", Bounds[i].Microseconds);
                JsonNumbers.Write(json, "min_microseconds", Update.Parts[i].Minimum);
                json.WriteString("limited_by", Bounds[i].Limit);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }, JsonText.Indented);
    }
}
