namespace CharRnn.Rnn.Text;

/// <summary>A map from Unicode code points to small non-negative numbers, -1 where nothing was set. Pages of 256 code points come into being when first written.</summary>
internal sealed class CodePointMap
{
    private const int PageBits = 8;
    private readonly int[] _first;
    private readonly int[]?[] _pages = new int[]?[(0x10FFFF >> PageBits) + 1];

    public CodePointMap() => _pages[0] = _first = NewPage();

    /// <summary>The numbers of the first 256 code points, as they are now and will be.</summary>
    public ReadOnlySpan<int> First => _first;

    public int this[int codePoint]
    {
        get => _pages[codePoint >> PageBits] is { } page ? page[codePoint & ((1 << PageBits) - 1)] : -1;
        set
        {
            ref var page = ref _pages[codePoint >> PageBits];
            page ??= NewPage();
            page[codePoint & ((1 << PageBits) - 1)] = value;
        }
    }

    private static int[] NewPage()
    {
        var page = new int[1 << PageBits];
        page.AsSpan().Fill(-1);
        return page;
    }
}
