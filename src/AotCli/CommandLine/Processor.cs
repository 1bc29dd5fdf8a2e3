using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CharRnn.AotCli.CommandLine;

/// <summary>The processor, as figures must name it.</summary>
public static class Processor
{
    /// <summary>The brand as the processor itself says it, or the architecture where it does not; with family and model, for brands can be vague.</summary>
    public static string Name { get; } = Read();

    private static string Read()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        Span<int> words = stackalloc int[12];
        for (var i = 0; i < 3; i++)
        {
            var (a, b, c, d) = X86Base.CpuId(unchecked((int)0x80000002) + i, 0);
            (words[4 * i], words[(4 * i) + 1], words[(4 * i) + 2], words[(4 * i) + 3]) = (a, b, c, d);
        }

        var brand = System.Text.Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).Trim('\0', ' ');
        var version = X86Base.CpuId(1, 0).Eax;
        var family = ((version >> 8) & 0xF) + ((version >> 20) & 0xFF);
        var model = ((version >> 4) & 0xF) + ((version >> 12) & 0xF0);
        return $"{brand} (family {family}, model {model})";
    }
}
