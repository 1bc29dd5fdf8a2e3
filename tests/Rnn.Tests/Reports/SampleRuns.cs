using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Tests.Reports;

/// <summary>Runs as the report gets them, made up.</summary>
internal static class SampleRuns
{
    /// <summary>A run with a line of metrics for every so many updates; the smooth loss falls from 110 to about 45 and turns now and then.</summary>
    public static ReportRun Make(string name = "run", long steps = 10_000, int every = 100, long textLength = 1_100_000, string[]? samples = null, string text = "the mill and the well")
    {
        var losses = new List<LossPoint>();
        for (long step = every; step <= steps; step += every)
        {
            var smooth = 45 + 65 * Math.Exp(-step / 2000.0) + 0.5 * Math.Sin(step / 700.0);
            losses.Add(new LossPoint(step, (int)(1 + step / 44_000), smooth + 15 * Math.Sin(step * 1.7), smooth, step * 35e-6));
        }

        var best = losses.MinBy(point => point.SmoothLoss) ?? new LossPoint(0, 0, 0, 0, 0);
        var words = new TextWords(text);
        WrittenSample[] written = [.. (samples ?? []).Select((sample, i) => new WrittenSample(1 + i * Math.Max(1, steps / 10), 1, 100 - i, sample))];
        return new ReportRun
        {
            Name = name,
            TextName = "book.txt",
            TextLength = textLength,
            UpdatesPerEpoch = (textLength - 1) / 25,
            HiddenSize = 100,
            VocabularySize = 80,
            SequenceLength = 25,
            Losses = losses,
            Samples = written,
            BestStep = best.Step,
            BestSmoothLoss = best.SmoothLoss,
            TextWords = words,
            Words = written.Length > 0 ? WordReport.Create(words, written, []) : null,
        };
    }
}
