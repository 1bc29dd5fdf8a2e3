using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Tests.Reports;

public class WordReportTests
{
    [Fact]
    public void Words_are_letters_with_their_marks_joined_by_apostrophes_and_hyphens_inside()
    {
        Assert.Equal(["Don't", "well-known", "O", "Neill's", "cafe\u0301", "Ёлка", "שָׁלוֹם", "كتاب", "𝒜b", "x"],
            WordReader.Read("'Don't' -well-known- O''Neill's cafe\u0301 Ёлка שָׁלוֹם كتاب 3𝒜b7x\uD800").Select(word => word.Text));
        // The typographic apostrophe joins as the typewriter's does; the one that opens a quotation does not.
        Assert.Equal(["Don’t", "she", "said", "O’Neill’s", "rock", "n", "roll"], WordReader.Read("‘Don’t’, she said: O’Neill’s rock ’n’ roll’").Select(word => word.Text));
        Assert.Empty(WordReader.Read("123 ... '' -- \u0301\u0301".Replace("\u0301", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_word_is_first_written_in_the_sample_that_has_it_whole()
    {
        var words = new TextWords(string.Concat(Enumerable.Repeat("The mill and Anna went on. So Anna and the mill stayed. ", 5)));
        WrittenSample[] samples =
        [
            new(1, 1, 100, "mill xx anna and mil"),            // the sample's edge may have cut the first and the last
            new(100, 1, 80, "x the mill, Anna"),               // Anna may go on: Annabel
            new(200, 1, 70, "x And mills Anna. MILL the"),
            new(300, 1, 60, "no words here 1 2 Hermione, ok"),
        ];
        var report = WordReport.Create(words, samples, ["Hermione", "anna"]);
        Assert.Equal(["Hermione", "anna"], report.Milestones.Where(word => word.IsWatched).OrderBy(word => word.Word, StringComparer.Ordinal).Select(word => word.Word));
        Assert.Equal([("Hermione", 300L, 0L), ("anna", 1L, 10L)], Of("Hermione", "anna"));
        Assert.Equal([("mill", 100L, 10L), ("Anna", 200L, 10L), ("and", 1L, 10L), ("went", -1L, 5L)], Of("mill", "Anna", "and", "went"));
        Assert.Equal([0, 2], report.Milestones.Single(word => word.Word == "and").Samples);   // at the beginning of a sentence too
        // Words of one letter or two are not counted: "xx" of the first sample, and any letter that an untrained network writes.
        Assert.Equal([(2, 2), (2, 2), (4, 3), (3, 0)], report.Shares.Select(share => (share.Words, share.RealWords)));

        IEnumerable<(string, long, long)> Of(params string[] names) =>
            names.Select(name => report.Milestones.Single(word => word.Word == name)).Select(word => (word.Word, word.FirstStep ?? -1, word.CountInText));
    }

    [Fact]
    public void Names_are_what_the_text_always_writes_with_a_capital()
    {
        var words = new TextWords(string.Concat(Enumerable.Repeat("Then Anna said that Otto had gone. He then went, then to Otto, to Otto. ", 6)));
        Assert.Equal(["Otto", "Anna"], words.Names(2));
        Assert.Equal(["Otto", "then"], words.Frequent(2, 3));
        Assert.True(words.Contains("OTTO") && words.Contains("Had") && !words.Contains("ott"));
        Assert.Equal(18, words.Count("otto"));
    }

    [Fact]
    public void Shares_of_many_samples_are_pooled_by_their_words()
    {
        WrittenSample[] samples = [.. Enumerable.Range(0, 100).Select(i => new WrittenSample(i, 1, 1, i % 2 == 0 ? "- the the the -" : "- moll -"))];
        var report = WordReport.Create(new TextWords("the mill"), samples, []);
        var pooled = report.PooledShares(10);
        Assert.Equal(10, pooled.Count);
        Assert.All(pooled, share => Assert.Equal(0.75, share.Share));
        Assert.Equal([4L, 14, 24, 34, 44, 54, 64, 74, 84, 94], pooled.Select(share => share.Step));
        Assert.Same(report.Shares, report.PooledShares(100));
        Assert.Equal(0, new RealWordShare(1, 0, 0).Share);

        // The sample of the end, one update after another, would stand above it.
        var ended = WordReport.Create(new TextWords("the mill"), [.. samples, new WrittenSample(100, 1, 1, "- the -")], []).PooledShares(200);
        Assert.Equal(101, ended.Count);
        WrittenSample[] few = [new(1, 1, 1, "- moll -"), new(10_000, 1, 1, "- moll mill -"), new(10_001, 1, 1, "- the mill -")];
        Assert.Equal([(1L, 0.0), (10_001, 1.0)], WordReport.Create(new TextWords("the mill"), few, []).PooledShares(60).Select(share => (share.Step, share.Share)));
    }
}
