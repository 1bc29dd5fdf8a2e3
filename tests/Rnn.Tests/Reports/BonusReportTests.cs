using System.Text.Json;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Runs;

namespace CharRnn.Rnn.Tests.Reports;

public sealed class BonusReportTests : RunFixture
{
    [Fact]
    public void Each_way_of_drawing_is_tried_at_three_values_with_the_weights_of_the_lowest_loss()
    {
        Begin(Folder("run"), Settings(1500) with { HiddenSize = 20, Eta = 0.1 });
        var bonus = BonusReport.Make<float>(ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName)), new TextWords(SmallText.Vocabulary.Decode(Characters())), 3);
        Assert.Equal([("temperature", 0.4), ("temperature", 0.7), ("temperature", 1.3), ("nucleus", 0.5), ("nucleus", 0.8), ("nucleus", 0.95)], bonus.Sampling.Select(trial => (trial.Method, trial.Value)));
        // Colder is safer, and so is a smaller nucleus.
        Assert.True(bonus.Sampling[0].Share > bonus.Sampling[2].Share && bonus.Sampling[3].Share > bonus.Sampling[5].Share, string.Join(' ', bonus.Sampling.Select(trial => trial.Share)));
        Assert.All(bonus.Sampling, trial => Assert.InRange(trial.Text.Length, 299, 300));
        Assert.All(bonus.Sampling, trial => Assert.InRange(trial.Words, 500, 2500));   // of 10,000 characters
        var again = BonusReport.FromJson(Json(bonus));
        Assert.Equal(bonus.Sampling, again.Sampling);
        Assert.Throws<FormatException>(() => BonusReport.FromJson("{}"u8.ToArray()));
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

    [Fact]
    public void The_page_shows_the_texts_side_by_side_each_with_its_share_of_real_words()
    {
        var bonus = new BonusReport([new("temperature", 0.4, "the <mill>", 20, 19), new("temperature", 0.7, "the moll", 20, 10), new("temperature", 1.3, "mull", 20, 5), new("nucleus", 0.5, "x", 0, 0)]);
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
