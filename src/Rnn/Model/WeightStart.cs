namespace CharRnn.Rnn.Model;

/// <summary>How widely a network's matrices are drawn at the start, from normal distributions around zero.</summary>
public enum WeightStart
{
    /// <summary>N(0, 0.01^2), every matrix.</summary>
    Small,

    /// <summary>
    /// Variance 1/(2 m) for a matrix between states, 1/(2 inputs) for one on the input, 1/m for V: so that the parts of a unit's sum,
    /// and the logits, have a variance that does not depend on the sizes. Source: He et al., ICCV 2015, halved where two sums meet.
    /// </summary>
    Scaled,
}

/// <summary>The scales of <see cref="WeightStart"/>.</summary>
public static class WeightStarts
{
    /// <summary>The standard deviation of a matrix's elements.</summary>
    public static double StandardDeviation(this WeightStart start, NetworkParameter matrix) => start switch
    {
        WeightStart.Small => 0.01,
        _ => Math.Sqrt(1.0 / ((matrix.Layer == NetworkParameter.Dense ? 1 : 2) * matrix.Shape[1])),
    };
}
