using System.Numerics;
using System.Text;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Sampling;

/// <summary>A network that reads a beginning and goes on writing, its state carried from character to character.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class Writer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly Vocabulary _vocabulary;
    private readonly Sampler _sampler;
    private readonly T[] _logits;

    /// <summary>A writer that goes on from the network's state.</summary>
    /// <param name="network">The network, loaded; the writer changes its hidden state.</param>
    /// <param name="vocabulary">Its K characters.</param>
    /// <param name="sampler">How characters are drawn.</param>
    public Writer(Network<T> network, Vocabulary vocabulary, Sampler sampler)
    {
        (_network, _vocabulary, _sampler) = (network, vocabulary, sampler);
        _logits = new T[network.Shape.VocabularySize];
    }

    /// <summary>Reads characters without writing any.</summary>
    /// <param name="characters">Their indices.</param>
    public void Read(ReadOnlySpan<int> characters)
    {
        for (var i = 0; i < characters.Length; i++)
        {
            _network.Step(characters[i], i == characters.Length - 1 ? _logits : []);
        }
    }

    /// <summary>Reads a line end, or a space where the vocabulary has no line end, or its first character: something to start from.</summary>
    public void ReadLineEnd()
    {
        var index = _vocabulary.IndexOf(new Rune('\n'));
        if (index < 0)
        {
            index = Math.Max(0, _vocabulary.IndexOf(new Rune(' ')));
        }

        Read([index]);
    }

    /// <summary>Writes characters, each read in its turn, so that writing can go on later. Something must have been read before.</summary>
    /// <param name="length">How many at most.</param>
    /// <param name="until">Stops once this has been written; null for never.</param>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    public IEnumerable<string> Write(long length, string? until = null)
    {
        var end = new StringBuilder();
        for (long i = 0; i < length; i++)
        {
            var index = _sampler.Next<T>(_logits);
            var character = _vocabulary[index].ToString();
            yield return character;
            _network.Step(index, _logits);
            if (until is null)
            {
                continue;
            }

            end.Append(character);
            end.Remove(0, Math.Max(0, end.Length - until.Length));
            if (end.Equals(until))
            {
                yield break;
            }
        }
    }

    /// <summary>The likeliest characters at the place of the one written last, the likeliest first.</summary>
    /// <param name="number">How many at most; characters that could not be drawn are left out.</param>
    public IReadOnlyList<(string Character, double Probability)> Likeliest(int number)
    {
        var probabilities = _sampler.Probabilities.ToArray();
        return [.. Enumerable.Range(0, probabilities.Length).Where(k => probabilities[k] > 0)
            .OrderByDescending(k => probabilities[k]).ThenBy(k => k).Take(number)
            .Select(k => (_vocabulary[k].ToString(), probabilities[k]))];
    }
}
