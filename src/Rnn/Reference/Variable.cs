namespace CharRnn.Rnn.Reference;

/// <summary>One direction in which a parameter is varied: a single element, or a whole row in a direction of its own.</summary>
/// <param name="Row">The row; of a vector, the element.</param>
/// <param name="Column">The column; -1 for the whole row.</param>
/// <param name="Coefficients">The direction, an element for each column; null for a single element, whose coefficient is 1.</param>
internal sealed record Variable(int Row, int Column, double[]? Coefficients = null)
{
    /// <summary>By how much the row's product with a vector changes.</summary>
    /// <param name="vector">The vector's elements, among others.</param>
    /// <param name="first">Where its first element is.</param>
    /// <param name="distance">How far it is to the next.</param>
    public double Along(ReadOnlySpan<double> vector, int first = 0, int distance = 1)
    {
        if (Coefficients is null)
        {
            return vector[first + (Column * distance)];
        }

        var sum = 0.0;
        for (var j = 0; j < Coefficients.Length; j++)
        {
            sum += Coefficients[j] * vector[first + (j * distance)];
        }

        return sum;
    }

    /// <summary>The same for the vector that is 1 at one place and 0 elsewhere.</summary>
    public double AlongOneHot(int place) => Coefficients is null ? (place == Column ? 1 : 0) : Coefficients[place];
}
