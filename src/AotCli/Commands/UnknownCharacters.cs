using System.CommandLine;
using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary>What is done with characters that a model does not know, the same in every command that reads a text for one.</summary>
internal static class UnknownCharacters
{
    public static readonly Option<string> Option = Options.OneOf("--unknown", "Characters that the model does not know are a mistake, or are left out", "fail", "fail", "skip");

    /// <summary>Whether they are left out.</summary>
    public static bool AreSkipped(ParseResult arguments) => arguments.GetValue(Option) == "skip";

    /// <summary>A text as indices of a model's vocabulary.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="skip">Whether to leave out what is not in it, and say how much that is.</param>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="InvalidTextException">It has characters that the model does not know.</exception>
    public static EncodedText Read(EncodedText text, Vocabulary vocabulary, bool skip, string name)
    {
        if (!skip)
        {
            return WithHint(() => text.WithVocabulary(vocabulary));
        }

        var known = text.WithKnownOf(vocabulary, out var skipped);
        Say(skipped, name);
        return known;
    }

    /// <summary>Says how many characters were left out; nothing where none were.</summary>
    public static void Say(long skipped, string name)
    {
        if (skipped > 0)
        {
            Terminal.Error.WriteLine(ProgramName.In(string.Create(CultureInfo.InvariantCulture, $"charrnn: skipped {skipped} {(skipped == 1 ? "character" : "characters")} of {ForeignText.Line(name)} that the model does not know")));
        }
    }

    /// <summary>Does something, and where it fails for such characters, says what helps.</summary>
    public static TResult WithHint<TResult>(Func<TResult> read, string more = "")
    {
        try
        {
            return read();
        }
        catch (InvalidTextException exception)
        {
            throw new InvalidTextException($"{exception.Message}; --unknown skip leaves them out{more}", exception);
        }
    }
}
