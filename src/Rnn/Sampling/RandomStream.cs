using System.Numerics;

namespace CharRnn.Rnn.Sampling;

/// <summary>
/// A stream of random numbers that is the same on every machine: xoshiro256** 1.0 (D. Blackman and S. Vigna,
/// https://prng.di.unimi.it/xoshiro256starstar.c), its state filled by splitmix64 as its authors advise.
/// Sampling has streams of its own, so that writing text in the middle of a training never changes the training.
/// </summary>
public sealed class RandomStream
{
    private ulong state0, state1, state2, state3;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">What the user gives.</param>
    /// <param name="stream">Which of the seed's streams: for example the update before which a sample is drawn.</param>
    public RandomStream(ulong seed, ulong stream = 0)
    {
        // The stream's number goes through the mixer first, so that (seed 1, stream 2) and (seed 2, stream 1) part.
        var mixer = seed ^ SplitMix64(ref stream);
        state0 = SplitMix64(ref mixer);
        state1 = SplitMix64(ref mixer);
        state2 = SplitMix64(ref mixer);
        state3 = SplitMix64(ref mixer);
    }

    internal RandomStream(ulong state0, ulong state1, ulong state2, ulong state3) =>
        (this.state0, this.state1, this.state2, this.state3) = (state0, state1, state2, state3);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(state1 * 5, 7) * 9;
        var shifted = state1 << 17;
        state2 ^= state0;
        state3 ^= state1;
        state1 ^= state2;
        state0 ^= state3;
        state2 ^= shifted;
        state3 = BitOperations.RotateLeft(state3, 45);
        return result;
    }

    /// <summary>A number of [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private static ulong SplitMix64(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
