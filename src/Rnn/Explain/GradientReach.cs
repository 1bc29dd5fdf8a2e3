using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// How much a state weighs in the loss k characters later: the norm of the derivative of -log p by the state, as backpropagation through time carries it, for each k.
/// Taken by centred differences in double precision along random directions: that needs nothing but the forward pass, so it holds for every cell.
/// </summary>
public sealed class GradientReach
{
    /// <summary>The largest k.</summary>
    public const int Longest = 50;

    /// <summary>How many characters are read for one place.</summary>
    internal const int CharactersAPlace = WarmUp + (2 * Directions * (Longest + 1));

    private const int Directions = 8, WarmUp = 100;
    private const double Step = 1e-5;

    internal GradientReach(IReadOnlyList<double> norms) => Norms = norms;

    /// <summary>The root mean square over places of the derivative's norm, for k = 0 (the state before the character is read from which the prediction is made) to <see cref="Longest"/>.</summary>
    public IReadOnlyList<double> Norms { get; }

    /// <summary>The first k from which on the norm stays below a hundredth of what it is at k = 0; null where it does not within <see cref="Longest"/>.</summary>
    public int? VanishesAfter
    {
        get
        {
            var last = Enumerable.Range(0, Norms.Count).LastOrDefault(k => Norms[k] >= 0.01 * Norms[0], -1);
            return last + 1 < Norms.Count ? last + 1 : null;
        }
    }

    /// <summary>Whether the norm grows on its way back: beyond k = 10 it is ten times what it is at k = 0 somewhere.</summary>
    public bool Explodes => Norms.Skip(10).Any(norm => norm > 10 * Norms[0]);

    /// <summary>Measures.</summary>
    /// <param name="reader">The network; its state is lost.</param>
    /// <param name="text">The text as indices of its vocabulary.</param>
    /// <param name="carried">The state that goes with the text.</param>
    /// <param name="places">At how many places, evenly spread.</param>
    /// <returns>Null where the text is too short.</returns>
    internal static GradientReach? Measure(NetworkReader reader, EncodedText text, ReadOnlySpan<double> carried, int places)
    {
        const int needed = WarmUp + Longest + 2;
        if (text.Length < needed)
        {
            return null;
        }

        var random = new RandomStream(1);
        var squares = new double[Longest + 1];
        var size = reader.StateSize;
        double[] start = carried.ToArray(), state = new double[size], direction = new double[size], moved = new double[size];
        double[] above = new double[Longest + 1], below = new double[Longest + 1];
        var characters = new int[needed];
        for (var place = 0; place < places; place++)
        {
            text.CopyTo((long)((text.Length - needed) * ((double)place / places)), characters);
            reader.SetState(start);
            foreach (var character in characters.AsSpan(0, WarmUp))
            {
                reader.Read(character);
            }

            reader.CopyState(state);
            for (var i = 0; i < Directions; i++)
            {
                double length = 0;
                for (var unit = 0; unit < size; unit++)
                {
                    direction[unit] = random.NextNormal();
                    length += direction[unit] * direction[unit];
                }

                Losses(Step, above);
                Losses(-Step, below);
                for (var k = 0; k <= Longest; k++)
                {
                    // In any direction of unit length the mean square of the derivative is the square of the norm, divided by the dimension.
                    var derivative = (above[k] - below[k]) / (2 * Step);
                    squares[k] += size * derivative * derivative / length / (places * Directions);
                }
            }
        }

        return new([.. squares.Select(Math.Sqrt)]);

        void Losses(double step, double[] losses)
        {
            for (var unit = 0; unit < size; unit++)
            {
                moved[unit] = state[unit] + (step * direction[unit]);
            }

            reader.SetState(moved);
            // The first character read moves the state on; the loss at k = 0 is that of the character after it.
            for (var k = 0; k <= Longest; k++)
            {
                reader.Read(characters[WarmUp + k]);
                losses[k] = reader.Loss(characters[WarmUp + k + 1]);
            }
        }
    }
}
