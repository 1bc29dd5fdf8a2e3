namespace CharRnn.Kernels;

/// <summary>A function of each element of a product, applied before it is stored.</summary>
public enum Activation
{
    /// <summary>The product as it is.</summary>
    None,

    /// <summary>tanh(x), to 5 units in the last place in float and 2 in double.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x), as (1 + tanh(x / 2)) / 2.</summary>
    Sigmoid,
}
