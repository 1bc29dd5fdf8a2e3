namespace CharRnn.Rnn.Benchmarks;

/// <summary>Square root and division of one register beside independent multiply-adds, as in a tile that applies AdaGrad. Times are nanoseconds a register.</summary>
/// <param name="MultiplyAdds">Multiply-adds for each square root and division: the time steps of a chunk.</param>
/// <param name="MultiplyAddTime">Those multiply-adds alone.</param>
/// <param name="RootTime">The square root and the division alone.</param>
/// <param name="TogetherTime">Both in one loop.</param>
public sealed record OverlapLimit(int MultiplyAdds, double MultiplyAddTime, double RootTime, double TogetherTime)
{
    /// <summary>What square root and division add to the multiply-adds.</summary>
    public double Unhidden => Math.Max(0, TogetherTime - MultiplyAddTime);

    /// <summary>How much of the shorter of the two vanishes beside the longer: 1 where the processor does both at once, 0 where one waits for the other.</summary>
    public double Hidden => (MultiplyAddTime + RootTime - TogetherTime) / Math.Min(MultiplyAddTime, RootTime);
}
