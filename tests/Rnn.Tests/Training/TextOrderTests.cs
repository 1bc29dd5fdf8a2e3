using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

public sealed class TextOrderTests
{
    private static readonly long[] OneText = [0];

    private static List<(long Start, bool IsFresh)> Epoch(TextOrder order, long epoch, int stream = 0)
    {
        var chunks = new List<(long, bool)>();
        for (var number = 0L; number < order.ChunksPerEpoch; number++)
        {
            chunks.Add(order.Chunk(epoch, number, stream));
        }

        return chunks;
    }

    /// <summary>Each stream has its own part; of each only what fills no chunk is left over.</summary>
    [Theory]
    [InlineData(26, 1, 1)]
    [InlineData(50, 1, 1)]
    [InlineData(51, 1, 2)]
    [InlineData(1003, 3, 13)]
    public void In_order_chunks_follow_one_another(long length, int streams, long expected)
    {
        var order = TextOrder.Create(TextOrder.Sequential, OneText, length, 25, streams);
        Assert.Equal(expected, order.ChunksPerEpoch);
        for (var stream = 0; stream < streams; stream++)
        {
            Assert.Equal(Enumerable.Range(0, (int)expected).Select(number => ((stream * (length / streams)) + (number * 25L), number == 0)), Epoch(order, 3, stream));
        }

        Assert.Equal(0, order.After(1, 0));
        Assert.Equal(expected * 25, order.After(1, expected));
    }

    /// <summary>Every piece once an epoch by one stream, from its beginning, and in another order each time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Pieces_are_each_read_once_in_an_order_drawn_anew(int streams)
    {
        const int pieces = 20, each = 101;
        var order = TextOrder.Create(TextOrder.Pieces, OneText, pieces * each, 25, streams, pieces, seed: 5);
        Assert.Equal(4 * pieces / streams, order.ChunksPerEpoch);
        var orders = new List<string>();
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var read = new List<long>();
            for (var stream = 0; stream < streams; stream++)
            {
                var chunks = Epoch(order, epoch, stream);
                for (var i = 0; i < chunks.Count; i++)
                {
                    Assert.Equal(i % 4 == 0, chunks[i].IsFresh);
                    Assert.Equal(i % 4 == 0 ? 0 : 25, chunks[i].Start - (i % 4 == 0 ? chunks[i].Start / each * each : chunks[i - 1].Start));
                }

                read.AddRange(chunks.Where(chunk => chunk.IsFresh).Select(chunk => chunk.Start / each));
            }

            Assert.Equal(Enumerable.Range(0, pieces).Select(piece => (long)piece), read.Order());
            orders.Add(string.Join(" ", read));
        }

        Assert.Equal(3, orders.Append(string.Join(" ", Enumerable.Range(0, pieces))).Distinct().Count() - 1);
        var other = TextOrder.Create(TextOrder.Pieces, OneText, pieces * each, 25, streams, pieces, seed: 6);
        Assert.NotEqual(Epoch(order, 1), Epoch(other, 1));
        // Nothing but the epoch's number decides: a resumed run asks for the third first.
        Assert.Equal(Epoch(order, 3), Epoch(TextOrder.Create(TextOrder.Pieces, OneText, pieces * each, 25, streams, pieces, seed: 5), 3));
        Assert.Equal(Epoch(order, 1, streams - 1), Epoch(order, 1, streams - 1));
    }

    /// <summary>Over all places the text has, the last one too, each as often as the others.</summary>
    [Fact]
    public void Random_places_are_drawn_evenly()
    {
        const int places = 40;
        var order = TextOrder.Create(TextOrder.Random, OneText, places + 25, 25, streams: 2, seed: 3);
        var counts = new int[places];
        for (var epoch = 1; epoch <= 10_000; epoch++)
        {
            for (var stream = 0; stream < 2; stream++)
            {
                var (start, isFresh) = order.Chunk(epoch, 0, stream);
                Assert.True(isFresh);
                counts[start]++;
            }
        }

        // Within an epoch too, and for each stream by itself.
        var many = TextOrder.Create(TextOrder.Random, OneText, 1_000_000, 25, streams: 2, seed: 3);
        var apart = Enumerable.Range(0, 2).SelectMany(stream => Enumerable.Range(0, 100).Select(number => many.Chunk(1, number, stream).Start)).ToArray();
        Assert.True(apart.Distinct().Count() > 195);

        // 20,000 draws among 40: 500 each, with a deviation of 22.
        Assert.All(counts, count => Assert.InRange(count, 500 - (5 * 22), 500 + (5 * 22)));
    }

    /// <summary>Whatever the texts' lengths, no chunk has a character of two of them, and each that is the first of a text in its piece begins anew.</summary>
    [Theory]
    [InlineData("sequential", 1)]
    [InlineData("sequential", 3)]
    [InlineData("pieces", 1)]
    [InlineData("pieces", 3)]
    [InlineData("random", 3)]
    public void No_chunk_reaches_over_the_beginning_of_a_text(string name, int streams)
    {
        long[] beginnings = [0, 7, 8, 60, 150, 156, 400, 700];
        const long length = 703;
        var order = TextOrder.Create(name, beginnings, length, 5, streams, pieces: 6, seed: 1);
        Assert.True(order.ChunksPerEpoch > 0);
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            for (var stream = 0; stream < streams; stream++)
            {
                var last = -1L;
                foreach (var (start, isFresh) in Epoch(order, epoch, stream))
                {
                    Assert.DoesNotContain(beginnings, beginning => start < beginning && beginning <= start + 5);
                    Assert.InRange(start + 5, 0, length - 1);
                    Assert.Equal(last < 0 || start != last + 5 || beginnings.Contains(start), isFresh);
                    last = start;
                }
            }
        }
    }

    /// <summary>With one stream in order, every text is read, as far as it fills chunks.</summary>
    [Fact]
    public void All_texts_are_read()
    {
        var order = TextOrder.Create(TextOrder.Sequential, [0, 12, 30], 41, 5);
        Assert.Equal([(0L, true), (5, false), (12, true), (17, false), (22, false), (30, true), (35, false)], Epoch(order, 1));
    }
}
