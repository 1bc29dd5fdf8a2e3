namespace CharRnn.Rnn.Runs;

/// <summary>What a training computes in.</summary>
#pragma warning disable CA1720 // the field's words
public enum Precision
{
    /// <summary>32 bits a number.</summary>
    Single,

    /// <summary>64 bits a number.</summary>
    Double,
}
