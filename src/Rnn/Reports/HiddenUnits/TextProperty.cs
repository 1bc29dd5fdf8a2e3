namespace CharRnn.Rnn.Reports.HiddenUnits;

/// <summary>A property of each place of a text, which some hidden unit may have learned to follow.</summary>
/// <param name="Name">In words, short.</param>
/// <param name="Find">For a text, whether each of its characters (UTF-16) has it.</param>
public sealed record TextProperty(string Name, Func<string, bool[]> Find)
{
#pragma warning disable CS1591 // the properties that the report always shows where a text has them
    public const string InsideQuotationMarks = "inside quotation marks";
    public const string LineEnd = "a line end, or just after one";
#pragma warning restore CS1591

    /// <summary>The properties that the report looks for. Each is about what stands at or before the character, never after it, save for the line's end.</summary>
    public static IReadOnlyList<TextProperty> All { get; } =
    [
        new(InsideQuotationMarks, InsideQuotes),
        new("in the first ten characters of a line", text => Scan(text, 0, (since, character) => character == '\n' ? 0 : since + 1, (since, character) => since <= 10 && character != '\n')),
        new(LineEnd, text => Scan(text, 9, (since, character) => character == '\n' ? 0 : since + 1, (since, _) => since <= 1)),
        new("a space", text => [.. text.Select(character => character == ' ')]),
        new("a vowel", text => [.. text.Select(character => "aeiouyAEIOUY".Contains(character))]),
        new("a capital letter", text => [.. text.Select(char.IsUpper)]),
        new("a punctuation mark", text => [.. text.Select(char.IsPunctuation)]),
        new("deep in a word (fifth letter or later)", text => Scan(text, 0, (inside, character) => char.IsLetter(character) ? inside + 1 : 0, (inside, _) => inside >= 5)),
    ];

    /// <summary>Between an opening and a closing mark; a paragraph's end closes what was left open.</summary>
    internal static bool[] InsideQuotes(string text)
    {
        var inside = new bool[text.Length];
        var open = false;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character is '“' or '«' or '„')
            {
                open = true;
            }
            else if (character is '”' or '»')
            {
                open = false;
            }
            else if (character == '"')
            {
                open = !open;
            }
            else if (character == '\n' && i > 0 && text[i - 1] == '\n')
            {
                open = false;
            }

            inside[i] = open;
        }

        return inside;
    }

    private static bool[] Scan(string text, int start, Func<int, char, int> next, Func<int, char, bool> has)
    {
        var result = new bool[text.Length];
        var state = start;
        for (var i = 0; i < text.Length; i++)
        {
            state = next(state, text[i]);
            result[i] = has(state, text[i]);
        }

        return result;
    }
}
