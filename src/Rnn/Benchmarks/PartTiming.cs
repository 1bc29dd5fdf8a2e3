namespace CharRnn.Rnn.Benchmarks;

/// <summary>How long one part of an update takes.</summary>
/// <param name="Name">The part.</param>
/// <param name="Operations">Floating-point operations of its products, two for each multiply-add; 0 where it has none.</param>
/// <param name="Bytes">What it reads and writes at the least: each operand once.</param>
/// <param name="Minimum">Microseconds, the fastest run.</param>
/// <param name="Median">Microseconds, the median run.</param>
/// <param name="Scalar">Microseconds of the scalar reference, the fastest run.</param>
public sealed record PartTiming(string Name, double Operations, double Bytes, double Minimum, double Median, double Scalar)
{
    /// <summary>10^9 floating-point operations a second in the fastest run.</summary>
    public double GigaflopsPerSecond => Operations / Minimum / 1e3;
}
