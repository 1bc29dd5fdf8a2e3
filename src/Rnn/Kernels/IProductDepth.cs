namespace CharRnn.Rnn.Kernels;

/// <summary>How a tile of a product learns its depth. Tiles are compiled for each struct of this kind: one written text, with a run-time depth or with a constant.</summary>
internal interface IProductDepth
{
    /// <summary>The depth.</summary>
    /// <param name="depth">What the product says.</param>
    static abstract nint Of(nint depth);
}

/// <summary>Any depth.</summary>
internal readonly struct RunTimeDepth : IProductDepth
{
    /// <inheritdoc/>
    public static nint Of(nint depth) => depth;
}
