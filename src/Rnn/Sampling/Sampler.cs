using System.Numerics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Sampling;

/// <summary>
/// Draws characters from logits: softmax of o / temperature, cut down to the top k, then to the top p, then one draw.
/// All in double, whatever the network's precision; ties go to the lower index. The same settings and logits give
/// the same characters.
/// </summary>
public sealed class Sampler
{
    private readonly SamplingSettings settings;
    private readonly RandomStream random;
    private readonly double[] probabilities;
    private readonly int[] order;

    /// <summary>A sampler with its own random stream.</summary>
    /// <param name="settings">How to draw.</param>
    /// <param name="vocabularySize">K.</param>
    /// <param name="stream">Which of the seed's random streams (see <see cref="RandomStream"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting has no meaning.</exception>
    public Sampler(SamplingSettings settings, int vocabularySize, ulong stream = 0)
    {
        settings.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        this.settings = settings;
        random = new RandomStream(settings.Seed, stream);
        probabilities = new double[vocabularySize];
        order = new int[vocabularySize];
    }

    /// <summary>The distribution [K] that the last character was drawn from, after temperature, top-k and top-p; it sums to 1.</summary>
    public ReadOnlySpan<double> Probabilities => probabilities;

    /// <summary>Draws the next character.</summary>
    /// <param name="logits">o_t, length K.</param>
    /// <returns>Its index.</returns>
    /// <exception cref="ArithmeticException">A logit is not finite: the weights are broken.</exception>
    public int Next<T>(ReadOnlySpan<T> logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Distribute(logits);
        // Temperature 0 draws nothing, yet takes its number from the stream: a later change of settings
        // in an interactive session then meets the same stream.
        return At(probabilities, random.NextUnit());
    }

    /// <summary>The character at a place of the unit interval, which the probabilities divide among them.</summary>
    internal static int At(ReadOnlySpan<double> probabilities, double place)
    {
        var last = 0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            if (probabilities[k] == 0)
            {
                continue;
            }

            last = k;
            place -= probabilities[k];
            if (place < 0)
            {
                return k;
            }
        }

        return last; // Rounding left a crumb above the sum.
    }

    /// <summary>Fills <see cref="Probabilities"/> without drawing.</summary>
    /// <inheritdoc cref="Next"/>
    public void Distribute<T>(ReadOnlySpan<T> logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (logits.Length != probabilities.Length)
        {
            throw new ArgumentException($"expected {probabilities.Length} logits, not {logits.Length}", nameof(logits));
        }

        var likeliest = 0;
        for (var k = 0; k < logits.Length; k++)
        {
            if (!T.IsFinite(logits[k]))
            {
                throw new ArithmeticException($"the network's output is not finite (logit {k}): its weights are broken");
            }

            if (logits[k] > logits[likeliest])
            {
                likeliest = k;
            }
        }

        if (settings.Temperature == 0)
        {
            Array.Clear(probabilities);
            probabilities[likeliest] = 1;
            return;
        }

        var greatest = double.CreateChecked(logits[likeliest]);
        for (var k = 0; k < logits.Length; k++)
        {
            probabilities[k] = Math.Exp((double.CreateChecked(logits[k]) - greatest) / settings.Temperature);
        }

        var kept = settings.TopK > 0 ? Math.Min(settings.TopK, logits.Length) : logits.Length;
        if (kept < logits.Length || settings.TopP < 1)
        {
            KeepTheLikeliest(kept);
        }

        Normalise();
    }

    private void KeepTheLikeliest(int kept)
    {
        for (var k = 0; k < order.Length; k++)
        {
            order[k] = k;
        }

        Array.Sort(order, (left, right) => probabilities[left] == probabilities[right] ? left.CompareTo(right) : probabilities[right].CompareTo(probabilities[left]));

        if (settings.TopP < 1)
        {
            double total = 0;
            for (var i = 0; i < kept; i++)
            {
                total += probabilities[order[i]];
            }

            // Added in the same order, all that are kept reach the total itself: it ends there at the latest.
            double reached = 0;
            var needed = 0;
            while (reached < settings.TopP * total)
            {
                reached += probabilities[order[needed++]];
            }

            kept = needed;
        }

        for (var i = kept; i < order.Length; i++)
        {
            probabilities[order[i]] = 0;
        }
    }

    private void Normalise()
    {
        double sum = 0;
        foreach (var probability in probabilities)
        {
            sum += probability;
        }

        for (var k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] /= sum;
        }
    }
}
