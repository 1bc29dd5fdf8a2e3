namespace CharRnn.Rnn.Benchmarks;

/// <summary>How fast a part of an update can be on a processor of measured limits. Times are microseconds.</summary>
/// <param name="Name">The part.</param>
/// <param name="MultiplyAdds">Its multiply-adds at the peak.</param>
/// <param name="Memory">Its bytes at the bandwidth of the cache that they lie in.</param>
/// <param name="Roots">What the square roots and divisions of the optimiser's rule add to these.</param>
public sealed record PartBound(string Name, double MultiplyAdds, double Memory, double Roots)
{
    /// <summary>Multiply-adds and reading overlap, so the longer of the two counts; the rest of roots and divisions comes on top.</summary>
    public double Microseconds => Math.Max(MultiplyAdds, Memory) + Roots;

    /// <summary>What takes the most of it: multiply-adds, memory or division.</summary>
    public string Limit => MultiplyAdds == 0 && Roots > 0 ? "division" : Memory > MultiplyAdds ? "memory" : "multiply-adds";

    /// <summary>The bounds of all parts. tanh and exp are left out: their own multiply-adds come on top.</summary>
    /// <param name="parts">The parts of an update, all of them.</param>
    /// <param name="limits">The processor's limits with the registers that the kernels use.</param>
    /// <param name="steps">T: multiply-adds beside which the square root and division of one register may vanish, where a part has both.</param>
    public static IReadOnlyList<PartBound> Of(IReadOnlyList<UpdatePart> parts, ProcessorLimits limits, int steps)
    {
        var unhidden = limits.Overlaps.FirstOrDefault(overlap => overlap.MultiplyAdds <= steps, limits.Overlaps[^1]).Unhidden / 1e3;
        return [.. parts.Select(part =>
        {
            // What is read once comes at best from the cache that holds all of the part's operands.
            var bytes = part.Sweeps > 0 ? part.Sweeps * part.Swept : part.Bytes;
            var memory = bytes / limits.BytesPerNanosecond(part.Sweeps > 0 ? part.Swept : part.Bytes);
            var registers = part.Roots / limits.Lanes;

            // Beside multiply-adds a part of the division is left over; without them all of it that is longer than reading.
            var roots = part.Operations > 0 ? registers * unhidden : Math.Max(0, (registers / limits.RootsPerMicrosecond) - (memory / 1e3));
            return new PartBound(part.Name, part.Operations / limits.Peak / 1e3, memory / 1e3, roots);
        })];
    }
}
