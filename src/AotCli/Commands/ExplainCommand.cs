using System.CommandLine;
using System.Globalization;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn explain</c>: why a run went as it did, from its weights, its records and its text.</summary>
public static class ExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run" };
        var text = new Argument<string?>("TEXT") { Description = "The text that it was trained on; without it, the run's own, where it is still there and unchanged", Arity = ArgumentArity.ZeroOrOne };
        var json = Options.Json();
        var command = new DocumentedCommand("explain", "Say why a run went as it did")
        {
            Examples =
            [
                new("charrnn explain runs/book", "What its units do, how far back it looks, where its spikes come from"),
                new("charrnn explain runs/book book.txt --json", "With the text given, as JSON"),
            ],
            Remarks =
            [
                "It looks at the best weights while they read the text: units that are dead, saturated, of constant sign, or that repeat themselves; the eigenvalues of W; the loss with only the last characters read; the gradient's norm on its way back; the loss along the text, and what zeroing h at an epoch's start adds to it. The report shows the same in pictures.",
                "A learning rate is advised only where most units are lost by themselves and AdaGrad's first update, done again, is seen to have moved W that far.",
            ],
        };
        command.Arguments.Add(run);
        command.Arguments.Add(text);
        command.Options.Add(json);
        command.SetAction(arguments =>
        {
            try
            {
                var path = arguments.GetValue(run)!;
                var folder = RunFolder.Open(path);
                var model = ModelReader.Read(path);
                var read = ReadText(folder, path, arguments.GetValue(text));
                using var line = new ProgressLine("explaining");
                var explanation = RunExplainer.Explain(folder, model, read, new WorkProgress(line.Report));
                line.Dispose();
                Terminal.Output.WriteLine(arguments.GetValue(json) ? ToJson(explanation) : ToText(explanation));
                if (!arguments.GetValue(json))
                {
                    Terminal.Hint($"charrnn report {Terminal.Quote(path)}");
                }

                return ExitCode.Success;
            }
            catch (Exception exception) when (exception is InvalidTextException or InvalidRunException)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
    }

    private static EncodedText ReadText(RunFolder folder, string path, string? given)
    {
        var settings = folder.Configuration;
        var names = given is null ? settings.TextNames : [given];
        var ask = $"give it: charrnn explain {Terminal.Quote(path)} TEXT";
        if (names is ["-"] && given is null)
        {
            throw new UsageException($"the run's text came from standard input; {ask}");
        }

        EncodedText text;
        try
        {
            text = TrainingText.Read(names, settings.SequenceLength);
        }
        catch (InvalidTextException exception) when (given is null)
        {
            throw new UsageException($"the run's text cannot be read any more ({exception.Message}); {ask}");
        }

        if (text.Sha256 == settings.TextSha256)
        {
            return settings.Read(text, out _);
        }

        throw new UsageException(given is null ? $"{TrainingText.NameOf(names)} has changed since the training; {ask}"
            : $"{TrainingText.NameOf(names)} is not the text of this run: its SHA-256 begins {text.Sha256[..12]}, the run's {settings.TextSha256[..Math.Min(12, settings.TextSha256.Length)]}");
    }

    private static string ToText(RunExplanation explanation)
    {
        var text = new StringBuilder();
        foreach (var finding in ExplanationFindings.Of(explanation))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(finding.Title).Append('\n');
            HelpText.AppendWrapped(text, finding.Seen, 2);
            if (finding.Advice.Length > 0)
            {
                HelpText.AppendWrapped(text, finding.Advice, 2);
            }

            if (finding.Id == "memory" && explanation.Memory is { } memory)
            {
                text.Append("    characters before  ").AppendJoin("", memory.Points.Select(point => point.CharactersBefore.ToString(CultureInfo.InvariantCulture).PadLeft(6))).Append("   all\n");
                text.Append("    bits from h = 0    ").AppendJoin("", memory.Points.Select(point => Bits(point.Loss).PadLeft(6))).Append(Bits(memory.Loss).PadLeft(6)).Append('\n');
                text.Append("    from elsewhere     ").AppendJoin("", memory.Elsewhere.Select(point => Bits(point.Loss).PadLeft(6))).Append(Bits(memory.Loss).PadLeft(6)).Append('\n');
            }

            if (finding.Id != "passages" || explanation.ByPosition is not { } positions)
            {
                continue;
            }

            foreach (var (word, passage) in positions.Hardest.Select(passage => ("hard", passage)).Concat(positions.Easiest.Select(passage => ("easy", passage))))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {word}, {Bits(passage.Loss)} bits a character, from character {passage.Position}:\n");
                foreach (var quoted in DisplayWidth.Wrap(DisplayWidth.Flatten(passage.Text), 72, 3))
                {
                    text.Append("      ").Append(quoted).Append('\n');
                }
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Bits(double nats) => (nats / Math.Log(2)).ToString("0.00", CultureInfo.InvariantCulture);

    private static string ToJson(RunExplanation explanation) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("step", explanation.Step);
        json.WriteStartArray("findings");
        foreach (var finding in ExplanationFindings.Of(explanation))
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("seen", finding.Seen);
            json.WriteString("advice", finding.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Optional("suggested_eta", explanation.SuggestedEta);
        json.WriteStartArray("layers");
        foreach (var layer in explanation.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteNumber("own_rhythm", layer.OwnRhythm);
            json.WriteNumber("lost_by_itself", layer.LostByItself);
            JsonNumbers.Write(json, "strongest_period", layer.StrongestPeriod);
            json.WriteStartArray("units");
            foreach (var unit in layer.Census.Units)
            {
                json.WriteStartObject();
                json.WriteString("behaviour", unit.Behaviour.ToString().ToLowerInvariant());
                JsonNumbers.Write(json, "standard_deviation", unit.StandardDeviation);
                JsonNumbers.Write(json, "saturated_share", unit.SaturatedShare);
                JsonNumbers.Write(json, "sign_change_share", unit.SignChangeShare);
                json.WriteNumber("period", unit.Period);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("eigenvalues");
            foreach (var value in layer.Eigenvalues)
            {
                json.WriteStartArray();
                JsonNumbers.WriteValue(json, value.Real);
                JsonNumbers.WriteValue(json, value.Imaginary);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            Numbers("power", layer.Power);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("gates");
        foreach (var gate in explanation.Gates)
        {
            json.WriteStartObject();
            json.WriteString("name", gate.Name);
            JsonNumbers.Write(json, "open", gate.Open);
            JsonNumbers.Write(json, "in_between", gate.InBetween);
            JsonNumbers.Write(json, "shut", gate.Shut);
            JsonNumbers.Write(json, "mean", gate.Mean);
            json.WriteNumber("units_open", gate.UnitsOpen);
            json.WriteNumber("units_shut", gate.UnitsShut);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (explanation.Memory is { } memory)
        {
            json.WriteStartObject("memory");
            Optional("reach", memory.Reach);
            Optional("reach_from_elsewhere", memory.ReachFromElsewhere);
            JsonNumbers.Write(json, "loss", memory.Loss);
            Points("points", memory.Points);
            Points("elsewhere", memory.Elsewhere);
            json.WriteEndObject();
        }

        Numbers("gradient_norms", explanation.Gradient?.Norms ?? []);
        Optional("zeroing_cost", explanation.EpochStart?.Cost);
        Optional("rise_after_epoch_start", explanation.RiseAfterEpochStart);
        Optional("epochs_alike", explanation.EpochsAlike);
        Optional("text_alike", explanation.TextAlike);
        Passages("hardest", explanation.ByPosition?.Hardest ?? []);
        Passages("easiest", explanation.ByPosition?.Easiest ?? []);
        if (explanation.FirstUpdate is { } first)
        {
            json.WriteStartObject("first_update");
            JsonNumbers.Write(json, "eta", first.Eta);
            JsonNumbers.Write(json, "moved_by_eta", first.MovedByEta);
            JsonNumbers.Write(json, "norm_of_w", first.Norm);
            json.WriteEndObject();
        }

        json.WriteEndObject();

        void Optional(string name, double? value) => JsonNumbers.Write(json, name, value ?? double.NaN);

        void Numbers(string name, IEnumerable<double> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                JsonNumbers.WriteValue(json, value);
            }

            json.WriteEndArray();
        }

        void Points(string name, IEnumerable<MemoryPoint> points)
        {
            json.WriteStartArray(name);
            foreach (var point in points)
            {
                json.WriteStartObject();
                json.WriteNumber("characters_before", point.CharactersBefore);
                JsonNumbers.Write(json, "loss", point.Loss);
                JsonNumbers.Write(json, "excess", point.Excess);
                JsonNumbers.Write(json, "uncertainty", point.Uncertainty);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        void Passages(string name, IEnumerable<PassageLoss> passages)
        {
            json.WriteStartArray(name);
            foreach (var passage in passages)
            {
                json.WriteStartObject();
                json.WriteNumber("position", passage.Position);
                JsonNumbers.Write(json, "loss", passage.Loss);
                json.WriteString("text", passage.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }, JsonText.Unescaped);
}
