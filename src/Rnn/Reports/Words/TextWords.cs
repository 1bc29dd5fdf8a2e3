namespace CharRnn.Rnn.Reports.Words;

/// <summary>The words of the text that was learned: what counts as a real word, and which are frequent.</summary>
public sealed class TextWords
{
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, long>> spellings = new(StringComparer.Ordinal);

    /// <summary>Counts the words of a text.</summary>
    /// <param name="text">All of it.</param>
    public TextWords(string text)
    {
        foreach (var word in WordReader.Read(text))
        {
            var key = WordReader.Normalise(word.Text);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            if (!spellings.TryGetValue(key, out var forms))
            {
                spellings[key] = forms = new Dictionary<string, long>(1, StringComparer.Ordinal);
            }

            forms[word.Text] = forms.GetValueOrDefault(word.Text) + 1;
            Total++;
        }
    }

    /// <summary>How many words the text has.</summary>
    public long Total { get; }

    /// <summary>How many different ones, upper and lower case alike.</summary>
    public int Distinct => counts.Count;

    /// <summary>Whether a word stands in the text, upper and lower case alike.</summary>
    public bool Contains(string word) => counts.ContainsKey(WordReader.Normalise(word));

    /// <summary>How often a word stands in the text, upper and lower case alike.</summary>
    public long Count(string word) => counts.GetValueOrDefault(WordReader.Normalise(word));

    /// <summary>The most frequent words of at least so many letters, the most frequent first, each in its commonest spelling.</summary>
    /// <param name="number">How many at most.</param>
    /// <param name="minimumLength">Short words are written early and by chance.</param>
    public IReadOnlyList<string> Frequent(int number, int minimumLength) =>
        [.. counts.Where(entry => entry.Key.Length >= minimumLength)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(number)
            .Select(entry => spellings[entry.Key].MaxBy(form => (form.Value, form.Key.Length)).Key)];

    /// <summary>
    /// The words most particular to the text: capitalised inside sentences nearly always, so mostly names.
    /// </summary>
    /// <param name="number">How many at most.</param>
    public IReadOnlyList<string> Names(int number) =>
        [.. spellings.Where(entry => counts[entry.Key] >= 5 && entry.Key.Length >= 3 && !entry.Value.ContainsKey(entry.Key))
            .OrderByDescending(entry => counts[entry.Key]).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(number)
            .Select(entry => entry.Value.MaxBy(form => (form.Value, form.Key.Length)).Key)];
}
