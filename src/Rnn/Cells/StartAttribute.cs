namespace CharRnn.Rnn.Cells;

/// <summary>On a cell's vectors: every element starts at this number instead of zero.</summary>
/// <param name="value">Where training starts.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class StartAttribute(double value) : Attribute
{
    /// <summary>Where training starts.</summary>
    public double Value { get; } = value;
}
