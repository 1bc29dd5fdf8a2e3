using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CsCheck;

namespace CharRnn.Rnn.Properties;

/// <summary>A random network and chunk, made from a row of whole numbers.</summary>
public sealed class PropertyCase
{
    /// <summary>Least and greatest values: m, K, T past several registers, the weights' scale, h_0 or none, a number for the property's own use, the seed.</summary>
    public static readonly (int Low, int High)[] Ranges = [(1, 40), (1, 40), (1, 30), (0, 3), (0, 1), (0, 1000), (0, 1_000_000)];

    /// <summary>Draws the numbers of a case.</summary>
    public static readonly Gen<int[]> Numbers = Ranges.Aggregate(
        Gen.Const(Array.Empty<int>()), (row, range) => row.Select(Gen.Int[range.Low, range.High], (numbers, number) => (int[])[.. numbers, number]));

    private static readonly double[] Scales = [0.01, 0.3, 1, 1.5];

    private readonly int[] _numbers;

    /// <summary>Takes over the numbers; see <see cref="Ranges"/>.</summary>
    /// <exception cref="ArgumentException">There are not seven, or one is out of its range.</exception>
    public PropertyCase(int[] numbers)
    {
        if (numbers.Length != Ranges.Length || numbers.Zip(Ranges).Any(pair => pair.First < pair.Second.Low || pair.First > pair.Second.High))
        {
            throw new ArgumentException($"A case is {Ranges.Length} numbers, between {string.Join(", ", Ranges.Select(range => $"{range.Low} and {range.High}"))}.");
        }

        _numbers = numbers;
        Shape = new(numbers[0], numbers[1]);
        Choice = numbers[5];
        Seed = (ulong)numbers[6];

        // The scale is that of W as an operator: random weights of 1 / sqrt(m) neither grow nor shrink a state.
        var drawn = GradientCase.Random(Shape, numbers[2], Scales[numbers[3]] / Math.Sqrt(Shape.HiddenSize), Seed);
        Chunk = numbers[4] == 1 ? drawn : drawn with { InitialHidden = new double[Shape.HiddenSize] };
    }

    /// <summary>m and K.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The weights, h_0, x and y.</summary>
    public GradientCase Chunk { get; }

    /// <summary>A number from 0 to 1000 for the property's own use.</summary>
    public int Choice { get; }

    /// <summary>The seed of everything drawn.</summary>
    public ulong Seed { get; }

    /// <summary>The numbers, as <c>--replay</c> takes them.</summary>
    public string Replay => string.Join(',', _numbers);

    /// <summary>What is a little smaller than a row of numbers, each in turn: its least value, half way there, one less.</summary>
    public static IEnumerable<int[]> Smaller(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var low = Ranges[i].Low;
            foreach (var less in new[] { low, low + ((numbers[i] - low) / 2), numbers[i] - 1 }.Distinct())
            {
                if (less >= low && less < numbers[i])
                {
                    var copy = (int[])numbers.Clone();
                    copy[i] = less;
                    yield return copy;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"m = {Shape.HiddenSize}, K = {Shape.VocabularySize}, T = {Chunk.SequenceLength}, weights of scale {Scales[_numbers[3]]}, h_0 {(_numbers[4] == 1 ? "random" : "zero")}, choice {Choice}, seed {Seed}";
}
