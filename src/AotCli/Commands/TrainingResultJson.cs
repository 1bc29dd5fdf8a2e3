using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>The line that <c>--json</c> prints about a run.</summary>
internal static class TrainingResultJson
{
    public static string Describe(TrainingResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("run_folder", result.Folder);
            json.WriteNumber("steps", result.Progress.Step);
            json.WriteNumber("epoch", result.Progress.Epoch);
            Number("final_smooth_loss", result.Progress.SmoothLoss);
            Number("best_smooth_loss", result.Progress.BestSmoothLoss);
            json.WriteNumber("best_step", result.Progress.BestStep);
            Number("seconds", Math.Round(result.Seconds, 6));
            Number("microseconds_per_update", result.MicrosecondsPerUpdate is { } microseconds ? Math.Round(microseconds, 3) : double.NaN);
            json.WriteString("instruction_set", result.InstructionSet);
            json.WriteString("kernel_path", result.Kernels);
            json.WriteEndObject();

            void Number(string name, double value)
            {
                if (double.IsFinite(value)) json.WriteNumber(name, value);
                else json.WriteNull(name);
            }
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
