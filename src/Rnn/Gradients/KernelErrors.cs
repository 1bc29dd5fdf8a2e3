namespace CharRnn.Rnn.Gradients;

/// <summary>For each kernel the largest error seen, as a part of the bound derived for that very call.</summary>
public sealed class KernelErrors
{
    private readonly Dictionary<string, double> _ratios = [];

    /// <summary>The largest ratio of error to bound by kernel, in the order of an update.</summary>
    public IReadOnlyDictionary<string, double> Ratios => _ratios;

    /// <summary>Whether every error was within its bound.</summary>
    public bool Ok => _ratios.Values.All(ratio => ratio <= 1);

    /// <summary>Notes one result.</summary>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="error">Its result minus the exact one.</param>
    /// <param name="bound">What rounding can bring at most, above 0.</param>
    public void Record(string kernel, double error, double bound)
    {
        var ratio = Math.Abs(error) / bound;
        if (double.IsNaN(ratio))
        {
            ratio = double.PositiveInfinity;
        }

        _ratios[kernel] = Math.Max(_ratios.GetValueOrDefault(kernel), ratio);
    }
}
