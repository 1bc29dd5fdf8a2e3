namespace CharRnn.Rnn.Model;

/// <summary>
/// A small random stream whose numbers are the same on every machine and in every version: SplitMix64
/// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Its whole state is one number,
/// so that a checkpoint can carry it.
/// </summary>
/// <param name="state">The seed, or the state of a stream that goes on.</param>
public sealed class RandomStream(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15UL;

    /// <summary>One of a seed's streams, apart from all others: what it draws changes nothing that is drawn from them.</summary>
    /// <param name="seed">What the user gives.</param>
    /// <param name="stream">Which: for example the update before which a sample is drawn. (Seed 1, stream 2) and (seed 2, stream 1) are not the same.</param>
    public RandomStream(ulong seed, ulong stream)
        : this(seed ^ new RandomStream(stream).NextBits())
    {
    }

    /// <summary>All there is to save: a stream made from it goes on where this one is.</summary>
    public ulong State { get; private set; } = state;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var bits = Mix(State);
        State = unchecked(State + Step);
        return bits;
    }

    /// <summary>64 bits that are a function of a number: the first that its stream draws.</summary>
    internal static ulong Mix(ulong state)
    {
        var z = unchecked(state + Step);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from N(0, 1), by the method of Box and Muller (1958); uses two draws.</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextUnit()));
        return radius * Math.Cos(2 * Math.PI * NextUnit());
    }
}
