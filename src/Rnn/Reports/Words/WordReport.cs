namespace CharRnn.Rnn.Reports.Words;

/// <summary>What became of the words: which were written when, and how many are real.</summary>
public sealed class WordReport
{
    /// <summary>The letters of the shortest words that count and are looked for: a single letter is a real word of many texts, and any network writes those by chance.</summary>
    public const int ShortestCounted = 3;

    private WordReport(IReadOnlyList<WordMilestone> milestones, IReadOnlyList<RealWordShare> shares) =>
        (Milestones, Shares) = (milestones, shares);

    /// <summary>Watched words first, then names, then frequent words; within each those written first stand first.</summary>
    public IReadOnlyList<WordMilestone> Milestones { get; }

    /// <summary>One entry a sample: of its words of <see cref="ShortestCounted"/> letters or more.</summary>
    public IReadOnlyList<RealWordShare> Shares { get; }

    /// <summary>Looks for words in samples.</summary>
    /// <param name="words">The words of the text learned.</param>
    /// <param name="samples">The samples, in the order of their steps.</param>
    /// <param name="watched">Words asked for, matched with their case.</param>
    /// <param name="frequent">How many of the text's frequent words to follow.</param>
    public static WordReport Create(TextWords words, IReadOnlyList<WrittenSample> samples, IReadOnlyList<string> watched, int frequent = 40)
    {
        var written = new List<HashSet<string>>(samples.Count);
        var shares = new List<RealWordShare>(samples.Count);
        foreach (var sample in samples)
        {
            WrittenWord[] whole = [.. WholeWords(sample.Text)];
            written.Add([.. whole.Select(word => word.Text)]);
            WrittenWord[] counted = [.. whole.Where(word => word.Text.Length >= ShortestCounted)];
            shares.Add(new RealWordShare(sample.Step, counted.Length, counted.Count(word => words.Contains(word.Text))));
        }

        WordMilestone Find(string word, bool isWatched)
        {
            // A name is only written when its capital is; other words may begin a sentence.
            var exact = isWatched || char.IsUpper(word[0]);
            bool Has(HashSet<string> set) => set.Contains(word) || (!exact && set.Contains(char.ToUpperInvariant(word[0]) + word[1..]));
            int[] with = [.. Enumerable.Range(0, written.Count).Where(i => Has(written[i]))];
            return new WordMilestone(word, words.Count(word), with, with.Length > 0 ? samples[with[0]].Step : null, isWatched);
        }

        string[] names = [.. words.Names(frequent / 3)];
        string[] common = [.. words.Frequent(frequent, ShortestCounted).Except(names)];
        IEnumerable<WordMilestone> Group(IEnumerable<string> group, bool isWatched) =>
            group.Distinct().Select(word => Find(word, isWatched)).OrderBy(found => found.FirstStep ?? long.MaxValue).ThenByDescending(found => found.CountInText);
        return new WordReport(
            [.. Group(watched, true), .. Group(names.Except(watched), false), .. Group(common.Except(watched).Take(frequent - names.Length), false)],
            shares);
    }

    /// <summary>The shares of neighbouring samples together, where there are more than a chart can show: so many more words make each less a matter of chance.</summary>
    /// <param name="most">How many to keep at most, at least 1.</param>
    public IReadOnlyList<RealWordShare> PooledShares(int most)
    {
        // The sample of the end often follows the one before it after a single update: to the eye both stand at one place, and the end's is shown.
        var shares = Shares is [var first, .., var before, var last] && 200 * (last.Step - before.Step) < last.Step - first.Step
            ? [.. Shares.SkipLast(2), last] : Shares;
        var together = (shares.Count + most - 1) / most;
        return together <= 1 ? shares : [.. shares.Chunk(together).Select(Together)];
    }

    private static RealWordShare Together(RealWordShare[] shares) =>
        new(shares[(shares.Length - 1) / 2].Step, shares.Sum(share => share.Words), shares.Sum(share => share.RealWords));

    /// <summary>The words that a sample's edges have not cut.</summary>
    public static IEnumerable<WrittenWord> WholeWords(string sample) =>
        WordReader.Read(sample).Where(word => word.Start > 0 && word.Start + word.Text.Length < sample.Length);
}
