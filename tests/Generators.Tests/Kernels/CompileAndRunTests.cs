using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Properties;
using CsCheck;
using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>
/// Every kernel against the scalar reference, on every instruction set of the machine. One program is compiled for each
/// operation, and runs once in each form: the environment switches the wider instruction sets off.
/// </summary>
public sealed class CompileAndRunTests
{
    /// <summary>What is switched off, and the widest form that is left then.</summary>
    private static readonly (string[] Off, string Widest)[] InstructionSets =
    [
        ([], Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : Vector128.IsHardwareAccelerated ? "128" : "none"),
        (["DOTNET_EnableAVX512", "DOTNET_EnableAVX512F"], Vector256.IsHardwareAccelerated ? "256" : "128"),
        (["DOTNET_EnableAVX2"], "128"),
        (["DOTNET_EnableHWIntrinsic"], "none"),
    ];

    internal static readonly KernelFlags[] Epilogues = 
    [
        KernelFlags.None, KernelFlags.Accumulate, KernelFlags.Scale, KernelFlags.Accumulate | KernelFlags.ScaleParameter,
        KernelFlags.Bias, KernelFlags.Bias | KernelFlags.Tanh, KernelFlags.Bias | KernelFlags.Accumulate | KernelFlags.Scale | KernelFlags.Sigmoid,
    ];

    internal static readonly string[] Elements = ["float", "double"];

    [Fact]
    public void MatVec_agrees_with_the_scalar_reference()
    {
        var source = new KernelCaseSource();
        ForAllSizes((size, other, element, flags) =>
        {
            source.MatVec(size, size, element, flags);
            source.MatVec(other, size, element, flags ^ KernelFlags.Accumulate);
        });
        CompileAndRun(source);
    }

    [Fact]
    public void MatVecTransposed_agrees_with_the_scalar_reference()
    {
        var source = new KernelCaseSource();
        ForAllSizes((size, other, element, flags) =>
        {
            source.MatVecTransposed(size, size, element, flags);
            source.MatVecTransposed(other, size, element, flags ^ KernelFlags.Accumulate);
        });
        CompileAndRun(source);
    }

    [Fact]
    public void OuterProduct_agrees_with_the_scalar_reference()
    {
        var source = new KernelCaseSource();
        ForAllSizes((size, other, element, flags) =>
        {
            source.OuterProduct(size, size, element, flags);
            source.OuterProduct(other, size, element, flags ^ KernelFlags.Accumulate);
        });
        CompileAndRun(source);
    }

    /// <summary>
    /// Cubes in both element types, in each of the four layouts by turns, and of fewer sizes than the others: these are the longest programs
    /// of all. Blocks of larger matrices have every length in every layout.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void MatMul_agrees_with_the_scalar_reference(bool transposeLeft, bool transposeRight)
    {
        var source = new KernelCaseSource();
        ForAllSizes((size, other, element, flags) =>
        {
            var isTried = size is <= 33 or 40 or 47 or 48 or 63 or 64 or >= 100;
            if (isTried && ((size % 2 == 0) ^ (element == "float") ^ transposeLeft ^ transposeRight))
            {
                source.MatMul(size, size, size, transposeLeft, transposeRight, element, flags);
            }
        });
        CompileAndRun(source);
    }

    /// <summary>Shapes that nobody chose: sides from 1 to 150, most of them short, any epilogue; one that fails is made as small as it still fails.</summary>
    [Fact]
    public void Random_shapes_agree_with_the_scalar_reference()
    {
        var seed = ulong.Parse(Environment.GetEnvironmentVariable("KERNEL_TEST_SEED") ?? "1", CultureInfo.InvariantCulture);
        string? mistake = null;

        // One program of 125 kernels: to compile one for each would take minutes.
        var smallest = Counterexample.Find(RandomKernelCase.Generator.Array[125], Holds, RandomKernelCase.Smaller, 1, seed);
        Assert.True(smallest is null, $"KERNEL_TEST_SEED={seed}, at its smallest: {string.Join<RandomKernelCase>("; ", smallest ?? [])}\n{mistake}");

        bool Holds(RandomKernelCase[] cases)
        {
            var source = new KernelCaseSource();
            foreach (var test in cases)
            {
                test.AddTo(source);
            }

            var found = FindMistake(source);
            mistake = found ?? mistake;
            return found is null;
        }
    }

    /// <summary>Sides of one to nine beside long ones: what is another operation under another name, rows shorter than a register, R transposed first.</summary>
    [Fact]
    public void Thin_shapes_agree_with_the_scalar_reference()
    {
        var source = new KernelCaseSource();
        var index = 0;
        KernelFlags Next() => Epilogues[index++ % Epilogues.Length];
        foreach (var thin in new[] { 1, 2, 3, 4, 5, 7, 9 })
        {
            foreach (var element in Elements)
            {
                source.MatVec(37, thin, element, Next());
                source.MatVec(thin, 37, element, Next());
                source.MatVecTransposed(37, thin, element, Next());
                source.MatVecTransposed(thin, 37, element, Next());
                source.OuterProduct(37, thin, element, Next());
                source.OuterProduct(thin, 37, element, Next());
            }

            // The element types by turns, so that a layout has each of them for every second length.
            var turn = thin / 2;
            foreach (var (rows, inner, columns) in new[] { (37, 33, thin), (37, thin, thin), (5, 16, thin), (16, thin, thin), (48, thin, thin), (37, thin, 33), (thin, 37, 33), (thin, thin, 37), (thin, 37, thin), (1, thin, 1), (2000, 3, thin) })
            {
                foreach (var (transposeLeft, transposeRight) in new[] { (false, false), (true, false), (false, true), (true, true) })
                {
                    source.MatMul(rows, inner, columns, transposeLeft, transposeRight, Elements[turn++ % 2], Next());
                }

                turn++;
            }
        }

        CompileAndRun(source);
    }

    /// <summary>Several short rows to a register: every number of rows from the fewest on, so that the last register begins everywhere.</summary>
    [Fact]
    public void Many_short_rows_agree_with_the_scalar_reference()
    {
        var source = new KernelCaseSource();
        for (var rows = 14; rows < 84; rows++)
        {
            source.MatMul(rows, 2 + (rows % 3), 2 + (rows / 3 % 3), false, false, Elements[rows / 9 % 2], (rows % 7) switch { 0 => KernelFlags.Scale, 1 => KernelFlags.ScaleParameter, 2 => KernelFlags.Bias, 3 => KernelFlags.Bias | KernelFlags.Scale, _ => KernelFlags.None });
            source.MatMul(rows, 3, 3, false, false, Elements[rows / 2 % 2], rows % 2 == 0 ? KernelFlags.None : KernelFlags.Bias);
        }

        source.MatMul(1000, 3, 3, false, false, "float", KernelFlags.None);
        CompileAndRun(source);
    }

    /// <summary>Blocks of larger matrices: every length, with one element between the rows, with a few and with more than a register.</summary>
    [Theory]
    [InlineData("MatVec")]
    [InlineData("MatVecTransposed")]
    [InlineData("OuterProduct")]
    [InlineData("MatMul")]
    [InlineData("MatMul, left transposed")]
    [InlineData("MatMul, right transposed")]
    [InlineData("MatMul, both transposed")]
    public void Blocks_of_larger_matrices_agree_with_the_scalar_reference(string operation)
    {
        var source = new KernelCaseSource();
        var index = 0;
        ForAllSizes((size, other, element, flags) =>
        {
            var apart = new[] { 1, 3, 17 }[index++ % 3];
            switch (operation)
            {
                case "MatVec":
                    source.MatVec(other, size, element, flags, apart);
                    break;
                case "MatVecTransposed":
                    source.MatVecTransposed(other, size, element, flags, apart);
                    break;
                case "OuterProduct":
                    source.OuterProduct(other, size, element, flags, apart);
                    break;
                default:
                    // One of the three, two of them, all of them; columns from one on, so that rows are shorter than a register too.
                    var which = (index % 7) + 1;
                    source.MatMul(
                        (other % 13) + 1, size, index % 2 == 0 ? (index / 2 % 8) + 1 : other, operation.Contains("left") || operation.Contains("both"), operation.Contains("right") || operation.Contains("both"), element, flags,
                        ((which & 1) * apart, (which >> 1 & 1) * (apart + 1), (which >> 2 & 1) * apart));
                    break;
            }
        });
        CompileAndRun(source);
    }

    /// <summary>Each size with a second one beside it, both element types, and the epilogues in turn.</summary>
    private static void ForAllSizes(Action<int, int, string, KernelFlags> add)
    {
        var index = 0;
        foreach (var size in KernelCaseSource.Sizes)
        {
            foreach (var element in Elements)
            {
                add(size, (size * 29 % 67) + 1, element, Epilogues[index++ % Epilogues.Length]);
            }

            index += index % 8 == 0 ? 1 : 0;
        }
    }

    private static void CompileAndRun(KernelCaseSource source)
    {
        var mistake = FindMistake(source);
        Assert.True(mistake is null, mistake);
    }

    /// <summary>Compiles the kernels into a program and runs it in every form; null when all of them agree.</summary>
    private static string? FindMistake(KernelCaseSource source)
    {
        var folder = Directory.CreateTempSubdirectory("kernels").FullName;
        try
        {
            using var verification = new StreamReader(typeof(CompileAndRunTests).Assembly.GetManifestResourceStream("Verification.cs")!);
            var program = Path.Combine(folder, "verify.dll");
            var compilation = KernelCompilation.Create([source.ToString(), verification.ReadToEnd()], kind: OutputKind.ConsoleApplication);
            File.WriteAllBytes(program, KernelCompilation.Compile(compilation));
            File.Copy(KernelCompilation.KernelsAssembly, Path.Combine(folder, "CharRnn.Kernels.dll"));
            File.WriteAllText(Path.Combine(folder, "verify.runtimeconfig.json"), $$"""
                { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" } } }
                """);

            foreach (var (off, widest) in InstructionSets)
            {
                var (exitCode, output) = Run(program, off);
                if (exitCode != 0 || !output.Contains($"{source.Count} kernels, 0 failures", StringComparison.Ordinal))
                {
                    return $"[{string.Join(", ", off)} off] {output}";
                }

                // The environment was heeded: what should be off was off, and what should be on was on.
                var forms = output.Split('\n')[0];
                Assert.Equal(widest, forms.Contains("512=True") ? "512" : forms.Contains("256=True") ? "256" : forms.Contains("128=True") ? "128" : "none");
            }

            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int ExitCode, string Output) Run(string program, string[] off)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        var start = new ProcessStartInfo(dotnet, ["exec", program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in off)
        {
            start.Environment[name] = "0";
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
