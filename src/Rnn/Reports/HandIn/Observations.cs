using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>What the run's own records say that is worth discussing. Each sentence holds for the run by its numbers; what they mean is left to the author.</summary>
internal static class Observations
{
    private const int MostWords = 6;

    /// <summary>Where each epoch's lowest loss lies within so much of the text, the place is called the same.</summary>
    private const double SamePlace = 0.03;

    /// <summary>The observations; none for a run that was not trained.</summary>
    public static IReadOnlyList<Sentence> Of(ReportRun run)
    {
        var sentences = new List<Sentence>();
        LossPoint[] losses = [.. run.Losses.Where(point => double.IsFinite(point.SmoothLoss))];
        if (losses.Length > 1 && double.IsFinite(run.BestSmoothLoss))
        {
            OfLosses(run, losses, sentences);
        }

        if (run.Words is { } words)
        {
            OfWords(words, sentences);
        }

        if (run.Seconds > 0)
        {
            sentences.Add(Sentence.Of($"The {run.Steps:#,0} updates took {Markup.Duration(run.Seconds)}, {run.MicrosecondsPerUpdate:0.0} microseconds each with all that is done between them{(run.Processor.Length > 0 ? $", on {run.Processor}" : "")}."));
        }

        return sentences;
    }

    private static void OfLosses(ReportRun run, LossPoint[] losses, List<Sentence> sentences)
    {
        double first = losses[0].SmoothLoss, middle = (first + run.BestSmoothLoss) / 2;
        if (run.BestSmoothLoss < first && losses.FirstOrDefault(point => point.SmoothLoss <= middle) is { } half)
        {
            sentences.Add(Sentence.Of($"Half of the fall of the smooth loss, from {run.Fixed(first)} to {run.Fixed(run.BestSmoothLoss)}, was done by update {half.Step:#,0} of {run.Steps:#,0}."));
        }

        if (run.BestPlace.Length > 0)
        {
            sentences.Add(Sentence.Of($"The smooth loss was lowest at update {run.BestStep:#,0}, at {run.BestPlace}. It follows how hard each passage of the text is, so the lowest need not be where the weights are best."));
        }

        if (PlaceOfLowest(run, losses) is { } place)
        {
            sentences.Add(Sentence.Of($"From the second epoch on the smooth loss of every epoch was lowest near the same place, {100 * place.Share:0} % of the way through the text ({place.Epochs} epochs, within {100 * SamePlace:0} % of the text)."));
        }
    }

    /// <summary>Where in the text the smooth loss of each whole epoch after the first is lowest; null where these places differ, or where it just falls to the end.</summary>
    private static (double Share, int Epochs)? PlaceOfLowest(ReportRun run, LossPoint[] losses)
    {
        var chunks = run.UpdatesPerEpoch;
        if (chunks < 1)
        {
            return null;
        }

        double[] places =
        [
            .. losses.GroupBy(point => (point.Step - 1) / chunks).Where(epoch => epoch.Key >= 1 && (epoch.Key + 1) * chunks <= run.Steps)
                .Select(epoch => (double)((epoch.MinBy(point => point.SmoothLoss)!.Step - 1) % chunks) / chunks),
        ];
        return places.Length >= 2 && places.Max() - places.Min() <= SamePlace && places.Max() < 1 - SamePlace ? (places.Average(), places.Length) : null;
    }

    private static void OfWords(WordReport words, List<Sentence> sentences)
    {
        RealWordShare[] shares = [.. words.Shares.Where(share => share.Words > 0)];
        if (shares.Length >= 2)
        {
            sentences.Add(Sentence.Of($"Of the words of three letters and more, {shares[0].Counts} in the sample before update {shares[0].Step:#,0} stand in the text, and {shares[^1].Counts} in that before update {shares[^1].Step:#,0}."));
        }

        string[] first = [.. words.Milestones.Where(word => word.FirstStep is not null).Take(MostWords).Select(word => FormattableString.Invariant($"“{word.Word}” before update {word.FirstStep:#,0}"))];
        if (first.Length > 0)
        {
            sentences.Add(Sentence.Of($"Words of the text that were first written in the sample: {string.Join(", ", first)}."));
        }
    }
}
