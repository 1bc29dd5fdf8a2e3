#if CSCHECK
using CharRnn.Rnn.Properties;
using CsCheck;

namespace CharRnn.Rnn.Tests.Properties;

/// <summary>CsCheck behind the seam: it shrinks by itself, by drawing smaller cases.</summary>
internal sealed class CsCheckLibrary : IPropertyLibrary
{
    public string Name => "CsCheck";

    public int[]? Falsify(IReadOnlyList<(int Low, int High)> ranges, Func<int[], bool> holds, int cases, ulong seed)
    {
        var generator = Gen.Const(Array.Empty<int>());
        foreach (var (low, high) in ranges)
        {
            generator = generator.Select(Gen.Int[low, high], (numbers, number) => (int[])[.. numbers, number]);
        }

        int[]? falsified = null;
        try
        {
            generator.Sample(
                numbers =>
                {
                    if (holds(numbers))
                    {
                        return true;
                    }

                    falsified = numbers;
                    return false;
                },
                iter: cases,
                threads: 1,
                seed: null);
        }
        catch (CsCheckException)
        {
            return falsified;
        }

        return null;
    }
}
#endif
