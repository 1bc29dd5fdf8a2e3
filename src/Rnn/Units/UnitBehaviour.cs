namespace CharRnn.Rnn.Units;

/// <summary>What a unit does while the network reads; the first that holds, in this order.</summary>
public enum UnitBehaviour
{
    /// <summary>It hardly moves: its standard deviation is below 0.01.</summary>
    Dead,

    /// <summary>Its sign changes in more than 90 % of the steps: period 2.</summary>
    Ticking,

    /// <summary>It repeats itself with another period, by its autocorrelation.</summary>
    Oscillating,

    /// <summary>Its magnitude is beyond 0.99 in more than 90 % of the steps, where its slope is next to nothing.</summary>
    Saturated,

    /// <summary>Its sign never changes.</summary>
    Constant,

    /// <summary>None of these.</summary>
    Alive,
}
