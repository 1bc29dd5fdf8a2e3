namespace CharRnn.Rnn.Kernels;

/// <summary>Of many elements that are compared, the first that is too far from what it should be; what is not a number is.</summary>
internal sealed class WorstElement
{
    /// <summary>What to say of it; null where all are right.</summary>
    public string? Message { get; private set; }

    /// <summary>Compares an element.</summary>
    /// <param name="actual">What it is.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="tolerance">How far it may be from that; 0 where it must be the same.</param>
    /// <param name="row">Where it is.</param>
    /// <param name="column">Where it is.</param>
    public void Add(double actual, double expected, double tolerance, int row, int column)
    {
        if (Message is null && !(Math.Abs(actual - expected) <= tolerance))
        {
            Message = $"element [{row}, {column}] is {actual:R}, not {expected:R}{(tolerance == 0 ? string.Empty : $" within {tolerance:e1}")}";
        }
    }
}
