namespace CharRnn.Generators.Kernels.Plans;

/// <summary>How a length is cut into parts of at most two sizes.</summary>
internal static class Partition
{
    /// <summary>
    /// The fewest parts of at most <paramref name="most"/>, equal up to one: a thin left-over part would wait for its few
    /// accumulators. As runs of equal parts, the larger first.
    /// </summary>
    public static (int Size, int Count)[] Even(int length, int most)
    {
        var parts = (length + most - 1) / most;
        var (small, larger) = (length / parts, length % parts);
        return [.. new[] { (small + 1, larger), (small, parts - larger) }.Where(run => run.Item2 > 0)];
    }
}
