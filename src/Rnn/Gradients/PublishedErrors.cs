namespace CharRnn.Rnn.Gradients;

/// <summary>
/// What lab reports found when they checked the gradients of this network (m = 100, T = 25, about 80 characters) against centred
/// differences: to be read beside ours, not to be met. R2's figures are of the size of norm ratios.
/// </summary>
/// <param name="SumOfRelativeErrors">R1, first batch; null for the second.</param>
/// <param name="LargestRelativeError">R2.</param>
/// <param name="NormRatio">R3, first batch; null for the second.</param>
public readonly record struct PublishedErrors(double? SumOfRelativeErrors, double LargestRelativeError, double? NormRatio)
{
    /// <summary>The figures for a parameter.</summary>
    /// <param name="parameter">W, U, V, b or c.</param>
    /// <param name="batch">1: h_0 = 0. 2: h_0 carried.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter or batch.</exception>
    public static PublishedErrors Of(string parameter, int batch) => (parameter, batch) switch
    {
        ("W", 1) => new(6.9e-7, 1.0e-7, 1.0e-7),
        ("U", 1) => new(3.5e-7, 3.6e-9, 3.4e-9),
        ("V", 1) => new(8.7e-7, 1.8e-8, 1.8e-8),
        ("b", 1) => new(2.1e-8, 1.7e-9, 1.9e-9),
        ("c", 1) => new(1.2e-7, 4.8e-10, 4.7e-10),
        ("W", 2) => new(null, 4.3e-10, null),
        ("U", 2) => new(null, 1.4e-9, null),
        ("V", 2) => new(null, 5.1e-10, null),
        ("b", 2) => new(null, 1.9e-9, null),
        ("c", 2) => new(null, 5.2e-10, null),
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), $"no figures for {parameter} in batch {batch}"),
    };
}
