using System.Text;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Sampling;

public sealed class WriterTests : IDisposable
{
    private static readonly Vocabulary Characters = Vocabulary.FromText("\n abcdé😀");
    private readonly Network<double> _network;

    public WriterTests()
    {
        var shape = new NetworkShape(9, Characters.Size);
        _network = Network<double>.Create(shape, 1);
        var weights = NetworkWeights<double>.Random(shape, 3);
        // Large weights: what is written hangs on everything that was read.
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= 100;
            }
        }

        _network.Load(weights, null);
    }

    public void Dispose() => _network.Dispose();

    private Writer<double> NewWriter(SamplingSettings? settings = null)
    {
        _network.ResetHidden();
        var writer = new Writer<double>(_network, Characters, new Sampler(settings ?? new(), Characters.Size));
        writer.ReadLineEnd();
        return writer;
    }

    private static string Text(IEnumerable<string> characters) => string.Concat(characters);

    [Fact]
    public void Writing_goes_on_where_it_stopped()
    {
        var whole = Text(NewWriter().Write(60));
        var writer = NewWriter();
        Assert.Equal(whole, Text(writer.Write(23)) + Text(writer.Write(0)) + Text(writer.Write(37)));
        Assert.Equal(60, whole.EnumerateRunes().Count());
    }

    /// <summary>Reading what would have been written leads to the same state: the beginning goes through the state, not only its last character.</summary>
    [Fact]
    public void A_beginning_is_carried_through_the_state()
    {
        var coldest = new SamplingSettings { Temperature = 0 };
        string[] whole = [.. NewWriter(coldest).Write(40)];
        var writer = NewWriter(coldest);
        writer.Read(Characters.Encode(Text(whole[..12])));
        Assert.Equal(whole[12..], writer.Write(28));

        var last = NewWriter(coldest);
        last.Read(Characters.Encode("😀ab"));
        var other = NewWriter(coldest);
        other.Read(Characters.Encode("éb"));
        Assert.NotEqual(Text(last.Write(40)), Text(other.Write(40)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("😀")]
    public void It_stops_once_the_text_asked_for_is_written(string until)
    {
        var whole = Text(NewWriter().Write(10_000));
        var at = whole.IndexOf(until, StringComparison.Ordinal);
        // Two characters, so that the end is not always a single one.
        var longer = whole.Substring(Math.Max(0, at - 1), 1 + until.Length);
        foreach (var text in (string[])[until, longer])
        {
            var expected = whole[..(whole.IndexOf(text, StringComparison.Ordinal) + text.Length)];
            Assert.Equal(expected, Text(NewWriter().Write(10_000, text)));
        }

        Assert.Equal(whole, Text(NewWriter().Write(10_000, "never in it")));
    }

    [Fact]
    public void The_likeliest_are_those_of_the_place_written_last()
    {
        var writer = NewWriter(new() { TopK = 3 });
        foreach (var character in writer.Write(200))
        {
            var likely = writer.Likeliest(5);
            Assert.Equal(3, likely.Count);
            Assert.Equal(likely.OrderByDescending(one => one.Probability), likely);
            Assert.Equal(1, likely.Sum(one => one.Probability), 1e-12);
            Assert.Contains(character, likely.Select(one => one.Character));
        }
    }

    /// <summary>A network of zeros writes every character alike: of a tie the lower index is first, and no more come than are asked for.</summary>
    [Fact]
    public void Of_equally_likely_characters_the_lower_index_is_first()
    {
        _network.Load(new NetworkWeights<double>(_network.Shape), null);
        var writer = NewWriter();
        Assert.Single(writer.Write(1));
        Assert.Equal(["\n", " ", "a"], writer.Likeliest(3).Select(one => one.Character));
        Assert.Equal(Characters.Size, writer.Likeliest(100).Count);
    }

    [Theory]
    [InlineData("ab\n ", '\n')]
    [InlineData("ab ", ' ')]
    [InlineData("ba", 'a')]
    public void It_starts_from_a_line_end_or_what_is_nearest_to_it(string characters, char read)
    {
        var vocabulary = Vocabulary.FromText(string.Concat(characters.Order()));
        var shape = new NetworkShape(4, vocabulary.Size);
        using var network = Network<double>.Create(shape, 1);
        network.Load(NetworkWeights<double>.Random(shape, 1), null);
        var (expected, hidden) = (new double[4], new double[4]);
        network.Step(vocabulary.IndexOf(new Rune(read)), new double[vocabulary.Size]);
        network.CopyHidden(expected);
        network.ResetHidden();
        new Writer<double>(network, vocabulary, new Sampler(new(), vocabulary.Size)).ReadLineEnd();
        network.CopyHidden(hidden);
        Assert.Equal(expected, hidden);
    }
}
