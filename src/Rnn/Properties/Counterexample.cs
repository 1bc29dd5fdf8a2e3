using CsCheck;

namespace CharRnn.Rnn.Properties;

/// <summary>
/// Looks for a case that does not hold. CsCheck's generators draw it, from a stream of our own, for CsCheck's runner takes its
/// seed for the first case only: the same seed draws the same cases everywhere, in the native binary too. What is found is
/// made smaller by trying everything a little smaller, which on a row of numbers ends at the least of them; drawing on and
/// keeping what is smaller, as the runner does, seldom comes there.
/// </summary>
public static class Counterexample
{
    /// <summary>The cases of a seed, in order, without end.</summary>
    public static IEnumerable<T> Draw<T>(Gen<T> generator, ulong seed)
    {
        var random = new PCG(1, seed);
        while (true)
        {
            yield return generator.Generate(random, null, out _);
        }
    }

    /// <summary>The first of the cases that does not hold, made as small as it still fails.</summary>
    /// <param name="generator">What to draw.</param>
    /// <param name="holds">Whether a case holds. Its exceptions are not caught.</param>
    /// <param name="smaller">What to try in place of a case that fails; must come to an end.</param>
    /// <param name="cases">How many cases to draw.</param>
    /// <param name="seed">The same seed draws the same cases.</param>
    /// <returns>Null where all hold.</returns>
    public static T? Find<T>(Gen<T> generator, Func<T, bool> holds, Func<T, IEnumerable<T>> smaller, int cases, ulong seed)
        where T : class
    {
        var found = Draw(generator, seed).Take(cases).FirstOrDefault(drawn => !holds(drawn));
        for (var next = found; next is not null; next = smaller(next).FirstOrDefault(less => !holds(less)))
        {
            found = next;
        }

        return found;
    }
}
