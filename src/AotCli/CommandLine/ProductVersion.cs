using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Which build this is. <c>Version</c>, <c>Date</c> and <c>Commit</c> are written by the build (Version.targets).</summary>
public static partial class ProductVersion
{
    /// <summary>The instruction set that this process computes with.</summary>
    public static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Fma.IsSupported ? "AVX2 + FMA"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : Vector128.IsHardwareAccelerated ? (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "NEON" : "SSE2")
        : "scalar";

    /// <summary>One line: name, version, commit, instruction set, platform.</summary>
    public static string Describe() =>
        $"charrnn {Version} ({(Commit.Length > 0 ? $"commit {Commit}, " : "")}{InstructionSet}, {RuntimeInformation.RuntimeIdentifier})";
}
