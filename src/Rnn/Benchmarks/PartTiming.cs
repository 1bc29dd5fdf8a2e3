namespace CharRnn.Rnn.Benchmarks;

/// <summary>How long one part of an update takes.</summary>
/// <param name="Part">What it asks of the processor.</param>
/// <param name="Minimum">Microseconds, the fastest run.</param>
/// <param name="Median">Microseconds, the median run.</param>
/// <param name="Scalar">Microseconds of the scalar reference, the fastest run; null where there is none.</param>
public sealed record PartTiming(UpdatePart Part, double Minimum, double Median, double? Scalar = null)
{
    /// <summary>10^9 floating-point operations a second in the fastest run.</summary>
    public double GigaflopsPerSecond => Part.Operations / Minimum / 1e3;
}
