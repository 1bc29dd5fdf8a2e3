using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CharRnn.Rnn.Tests;

/// <summary>A theory about bytes: without fused multiply-add, or with another mathematical library, others are right too.</summary>
public sealed class X64FmaTheoryAttribute : TheoryAttribute
{
    public X64FmaTheoryAttribute() => Skip = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Fma.IsSupported
        ? null : "the bytes are those of Linux on x64 with fused multiply-add";
}
