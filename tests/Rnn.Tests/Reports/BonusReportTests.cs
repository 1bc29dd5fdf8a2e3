using System.Text.Json;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Reports;

public sealed class BonusReportTests : RunFixture
{
    [Fact]
    public void Each_way_of_drawing_is_tried_at_three_values_with_the_weights_of_the_lowest_loss()
    {
        Begin(Folder("run"), Settings(1500) with { HiddenSize = 20, Eta = 0.1 });
        var model = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        var bonus = BonusReport.Make<float>(Settings(1500) with { HiddenSize = 20, Seed = 3 }, model, SmallText, new TextWords(SmallText.Vocabulary.Decode(Characters())));
        Assert.Equal([("temperature", 0.4), ("temperature", 0.7), ("temperature", 1.3), ("nucleus", 0.5), ("nucleus", 0.8), ("nucleus", 0.95)], bonus.Sampling.Select(trial => (trial.Method, trial.Value)));
        // Colder is safer, and so is a smaller nucleus.
        Assert.True(bonus.Sampling[0].Share > bonus.Sampling[2].Share && bonus.Sampling[3].Share > bonus.Sampling[5].Share, string.Join(' ', bonus.Sampling.Select(trial => trial.Share)));
        Assert.All(bonus.Sampling, trial => Assert.InRange(trial.Text.Length, 299, 300));
        Assert.All(bonus.Sampling, trial => Assert.InRange(trial.Words, 500, 2500));   // of 10,000 characters
        var again = BonusReport.FromJson(Json(bonus));
        Assert.Equal(bonus.Sampling, again.Sampling);
        Assert.Equal(bonus.Trainings.Select(trial => (trial.Order, trial.Streams, string.Join(' ', trial.Points.Select(point => point.Loss)))), again.Trainings.Select(trial => (trial.Order, trial.Streams, string.Join(' ', trial.Points.Select(point => point.Loss)))));
        Assert.Throws<FormatException>(() => BonusReport.FromJson("{}"u8.ToArray()));
        Assert.Throws<FormatException>(() => BonusReport.FromJson("""{"sampling":[]}"""u8.ToArray()));
        Assert.Throws<FormatException>(() => BonusReport.FromJson("[1"u8.ToArray()));
        File.WriteAllText(Path.Combine(Folder("run"), RunFolder.BonusName), "{");
        Assert.Contains("bonus.json in the run’s folder cannot be used", string.Concat(ReportReader.Read(RunFolder.Open(Folder("run")), "run", []).Notes));

        static int[] Characters()
        {
            var characters = new int[SmallText.Length];
            SmallText.CopyTo(0, characters);
            return characters;
        }
    }

    /// <summary>Each is what a training of that order and of so many streams comes to, judged on what it did not read.</summary>
    [Fact]
    public void The_same_network_is_trained_in_three_orders_and_in_one_to_sixteen_streams()
    {
        var text = EncodedText.FromString(string.Concat(Enumerable.Repeat("Anna went to the mill, and Otto to the well. ", 8)));
        var settings = Settings(1) with { TextLength = text.Length, HiddenSize = 6, SequenceLength = 5, Eta = 0.1 };
        var reported = new List<double>();
        var trials = TrainingTrials.Make<float>(settings, text, (stage, share) => reported.Add(share));
        Assert.Equal([("sequential", 1), ("pieces", 1), ("random", 1), ("sequential", 4), ("sequential", 8), ("sequential", 16)], trials.Select(trial => (trial.Order, trial.Streams)));
        Assert.All(trials, trial => Assert.Equal(Enumerable.Range(1, 15).Select(i => 1000L * i), trial.Points.Select(point => point.Updates)));
        Assert.All(trials, trial => Assert.All(trial.Points.Zip(trial.Points.Skip(1)), pair => Assert.True(pair.First.Seconds < pair.Second.Seconds)));
        Assert.Equal(trials.Count, trials.Select(trial => trial.Last.Loss).Distinct().Count());
        Assert.Equal(reported.Order(), reported);
        Assert.Equal(1, reported[^1]);

        // The first by hand: what is held out is the last twentieth, and nobody reads it.
        var heldOut = text.Length / 20;
        using var network = Network<float>.Create(new(6, text.Vocabulary.Size), 5);
        network.Load(NetworkWeights<float>.Random(network.Shape, settings.Seed, settings.WeightStart));
        var trainer = new Trainer<float>(network, text.Part(0, text.Length - heldOut), settings.Eta, settings.Clip, TrainingProgress.Start);
        Assert.True(trainer.Advance(2000));
        Assert.Equal(Evaluation.MeanLoss<float>(network.ExportWeights(), [], text.Part(text.Length - heldOut, heldOut)), trials[0].Points[1].Loss);
    }

    [Fact]
    public void A_text_that_is_too_short_has_no_trainings() =>
        Assert.Empty(TrainingTrials.Make<float>(Settings(1) with { TextLength = 39, HiddenSize = 6, SequenceLength = 5 }, SmallText.Part(0, 39)));

    [Fact]
    public void The_page_shows_what_orders_and_streams_come_to()
    {
        TrainingTrial Trial(string order, int streams, double loss) => new(order, streams, [new(1000, 0.1 * streams, loss + 1), new(2000, 0.2 * streams, loss), new(3000, 0.3 * streams, loss + 0.25)]);
        var bonus = new BonusReport([], [Trial("sequential", 1, 2.5), Trial("random", 1, 2.25), Trial("sequential", 4, 1.75)]);
        var page = HtmlReport.Write([SampleRuns.Make() with { Bonus = bonus }], "");
        Assert.Contains("<tr><th scope=\"row\">sequential</th><td>2.750</td><td>2.500</td></tr>\n<tr><th scope=\"row\">random</th><td>2.500</td><td>2.250</td></tr>", page);
        Assert.Contains("<tr><th scope=\"row\">1</th><td>100.0</td><td>2.750</td><td>2.750</td><td>2.500</td></tr>\n<tr><th scope=\"row\">4</th><td>400.0</td><td>2.000</td><td></td><td>1.750</td></tr>", page);
        Assert.Contains("The loss on the held-out piece over seconds of training", page);
        Assert.Contains("4 streams", page);
    }

    [Fact]
    public void The_page_shows_the_texts_side_by_side_each_with_its_share_of_real_words()
    {
        var bonus = new BonusReport([new("temperature", 0.4, "the <mill>", 20, 19), new("temperature", 0.7, "the moll", 20, 10), new("temperature", 1.3, "mull", 20, 5), new("nucleus", 0.5, "x", 0, 0)], []);
        var page = HtmlReport.Write([SampleRuns.Make() with { Bonus = bonus }], "");
        Assert.Contains("<th scope=\"col\">low, 0.4</th><th scope=\"col\">middle, 0.7</th><th scope=\"col\">high, 1.3</th>", page);
        Assert.Matches("<td>95 % \\(19 of 20\\)<.*<td>50 % \\(10 of 20\\)<.*<td>25 % \\(5 of 20\\)<", page);
        Assert.Matches("<td>[^\\n]*the &lt;mill&gt;</p></td><td>[^\\n]*the <i class=\"made\">moll</i></p></td>", page);
        Assert.Contains("href=\"#bonus1\"", page);
        Assert.DoesNotContain("bonus1", HtmlReport.Write([SampleRuns.Make()], ""));
        Assert.Equal(Regex.Count(page, "<table"), Regex.Count(page, "</table>"));
    }

    private static byte[] Json(BonusReport bonus)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            bonus.WriteJson(json);
        }

        return stream.ToArray();
    }
}
