namespace CharRnn.Rnn.Text;

/// <summary>A map from Unicode code points to small non-negative numbers, -1 where nothing was set. Pages of 256 code points come into being when first written.</summary>
internal sealed class CodePointMap
{
    private const int PageBits = 8;
    private readonly int[]?[] _pages = new int[]?[(0x10FFFF >> PageBits) + 1];

    public int this[int codePoint]
    {
        get => _pages[codePoint >> PageBits] is { } page ? page[codePoint & ((1 << PageBits) - 1)] : -1;
        set
        {
            ref int[]? page = ref _pages[codePoint >> PageBits];
            if (page is null)
            {
                page = new int[1 << PageBits];
                page.AsSpan().Fill(-1);
            }
            page[codePoint & ((1 << PageBits) - 1)] = value;
        }
    }
}
