using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>The line that <c>--json</c> prints about a run.</summary>
internal static class TrainingResultJson
{
    public static string Describe(TrainingResult result) =>
        JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("run_folder", result.Folder);
            json.WriteNumber("steps", result.Progress.Step);
            json.WriteNumber("epoch", result.Progress.Epoch);
            JsonNumbers.Write(json, "final_smooth_loss", result.Progress.SmoothLoss);
            // What was chosen by its loss on held-out text has not the lowest smooth loss.
            var isValidated = result.Progress.BestValidationLoss < double.PositiveInfinity;
            JsonNumbers.Write(json, isValidated ? "smooth_loss_at_best_step" : "best_smooth_loss", result.Progress.BestSmoothLoss);
            json.WriteNumber("best_step", result.Progress.BestStep);
            if (isValidated)
            {
                JsonNumbers.Write(json, "final_validation_loss", result.Progress.ValidationLoss);
                JsonNumbers.Write(json, "best_validation_loss", result.Progress.BestValidationLoss);
                json.WriteBoolean("out_of_patience", result.IsOutOfPatience);
            }

            JsonNumbers.Write(json, "seconds", Math.Round(result.Seconds, 6));
            JsonNumbers.Write(json, "microseconds_per_update", result.MicrosecondsPerUpdate is { } microseconds ? Math.Round(microseconds, 3) : double.NaN);
            json.WriteString("instruction_set", result.InstructionSet);
            json.WriteString("kernel_path", result.Kernels);
            json.WriteEndObject();
        }, JsonText.Unescaped);
}
