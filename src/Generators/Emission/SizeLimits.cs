namespace CharRnn.Generators.Emission;

/// <summary>The largest sizes that code is emitted for: every constant of it, offsets in bytes too, fits 32 bits.</summary>
internal static class SizeLimits
{
    /// <summary>No side is longer.</summary>
    public const int LargestSide = 65_536;

    /// <summary>No matrix has more elements: 1 GiB of doubles.</summary>
    public const long LargestMatrix = 1L << 27;
}
