namespace CharRnn.Rnn.Properties;

/// <summary>
/// The seam to a property-based testing library: a case is a row of whole numbers, which the library draws and shrinks.
/// Everything else, what the numbers mean and what must hold, is written once on this side.
/// </summary>
public interface IPropertyLibrary
{
    /// <summary>The library's name.</summary>
    string Name { get; }

    /// <summary>Looks for a case that does not hold.</summary>
    /// <param name="ranges">For each number its least and its greatest value; shrinking goes towards the least.</param>
    /// <param name="holds">Whether a case holds; an exception counts as no.</param>
    /// <param name="cases">How many cases to draw.</param>
    /// <param name="seed">The same seed draws the same cases.</param>
    /// <returns>The shrunk case that does not hold, or null.</returns>
    int[]? Falsify(IReadOnlyList<(int Low, int High)> ranges, Func<int[], bool> holds, int cases, ulong seed);
}
