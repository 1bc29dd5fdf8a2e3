using System.Reflection;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>What a plan promises for every shape, and the limits that emitted code stays within.</summary>
public sealed class PlanTests
{
    /// <summary>Past either limit the JIT compiles a method without optimisation.</summary>
    private const int MostBytes = 60_000;
    private const int MostLocals = 2_000;

    public static TheoryData<string, bool> Forms()
    {
        var data = new TheoryData<string, bool>();
        foreach (var form in VectorForm.All)
        {
            data.Add(form.Name, true);
            data.Add(form.Name, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_tile_fits_the_registers_and_covers_the_result_once(string formName, bool isSingle)
    {
        var form = VectorForm.All.Single(candidate => candidate.Name == formName);
        var element = isSingle ? ElementType.Single : ElementType.Double;
        for (var rows = 1; rows <= 40; rows++)
        {
            for (var columns = form.Lanes(element); columns <= 150; columns++)
            {
                var plan = TilePlan.For(rows, columns, element, form);
                var covered = new int[columns];
                for (var p = 0; p < plan.Panels.Panels.Count; p++)
                {
                    var panel = plan.Panels.Panels[p];
                    Assert.True(panel.Tail == 0 || (panel.Registers >= 2 && panel.Count == 1), "an overlapping register has its neighbour beside it");
                    Assert.All(plan.Rows[p], run => Assert.True((run.Size * panel.Registers) + panel.Registers + 1 <= form.Registers));
                    Assert.Equal(rows, plan.Rows[p].Sum(run => run.Size * run.Count));
                    Assert.Equal(Enumerable.Range(0, plan.Rows[p].Count).Select(i => plan.Rows[p].Take(i).Sum(run => run.Size * run.Count)), plan.Rows[p].Select(run => run.Start));
                    for (var copy = 0; copy < panel.Count; copy++)
                    {
                        for (var column = 0; column < plan.Panels.Width(panel); column++)
                        {
                            covered[panel.Start + (copy * panel.Registers * plan.Panels.Lanes) + column]++;
                        }
                    }
                }

                Assert.All(covered, count => Assert.Equal(1, count));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Row_dots_take_every_row_once_and_fit_the_registers(string formName, bool isSingle)
    {
        var form = VectorForm.All.Single(candidate => candidate.Name == formName);
        var element = isSingle ? ElementType.Single : ElementType.Double;
        for (var rows = 1; rows <= 70; rows++)
        {
            for (var columns = form.Lanes(element); columns <= 150; columns++)
            {
                var plan = DotPlan.For(rows, columns, element, form);
                var next = 0;
                foreach (var group in plan.Groups)
                {
                    Assert.Equal(next, group.Start);
                    next += group.Rows * group.Count;
                    Assert.True((group.Rows * group.Chains) + 3 <= form.Registers);
                }

                Assert.Equal(rows, next);
                Assert.Equal(columns, (plan.Full * plan.Lanes) + plan.Tail);
                Assert.True(plan.Tail == 0 || plan.Full > 0);
            }
        }
    }

    /// <summary>As measured: 512 bits where they cover a row about as closely as 256, and nothing wider than the user allows.</summary>
    [Theory]
    [InlineData("[MatMul(1000, 10, 10)]", "double", "256 128")]
    [InlineData("[MatMul(1000, 10, 10, MaxVectorWidth = 512)]", "double", "512 256 128")]
    [InlineData("[MatMul(100, 100, 100)]", "float", "512 256 128")]
    [InlineData("[MatMul(100, 100, 100, MaxVectorWidth = 256)]", "float", "256 128")]
    [InlineData("[MatVec(100, 100, MaxVectorWidth = 128)]", "float", "128")]
    [InlineData("[MatMul(100, 100, 3)]", "float", "512 256 128")]
    [InlineData("[MatVec(100, 3)]", "float", "128")]
    [InlineData("[MatVecTransposed(100, 2)]", "float", "128")]
    [InlineData("[OuterProduct(100, 1)]", "float", "512 256 128")]
    [InlineData("[MatMul(1000, 3, 1, TransposeLeft = true)]", "double", "512 256 128")]
    [InlineData("[MatMul(2, 3, 3, TransposeRight = true)]", "float", "128")]
    public void The_forms_are_those_that_pay(string attribute, string element, string forms)
    {
        var text = KernelCompilation.GeneratedText($"static partial class C {{ {attribute} public static partial void F(ReadOnlySpan<{element}> first, ReadOnlySpan<{element}> second, Span<{element}> third); }}");
        Assert.Equal(forms, string.Join(" ", System.Text.RegularExpressions.Regex.Matches(text, @"private static void Run(\d+)\(").Select(match => match.Groups[1].Value)));
    }

    [Theory]
    [InlineData(1, 5, "1x1")]
    [InlineData(5, 5, "5x1")]
    [InlineData(6, 5, "3x2")]
    [InlineData(11, 5, "4x2,3x1")]
    public void Parts_are_equal_up_to_one(int length, int most, string expected) =>
        Assert.Equal(expected, string.Join(",", Partition.Even(length, most).Select(run => $"{run.Size}x{run.Count}")));

    /// <summary>Offsets are constants of the emitted code: where one overflowed, the compiler would refuse it.</summary>
    [Fact]
    public void The_largest_shapes_compile()
    {
        var declarations =
            from element in new[] { "float", "double" }
            from attribute in new[]
            {
                "MatVec(65536, 2048", "MatVec(2048, 65536", "MatVec(50000, 80", "MatVecTransposed(65536, 2047", "MatVecTransposed(2047, 65536", "OuterProduct(65535, 2048", "OuterProduct(2048, 65535",
                "MatMul(50000, 80, 2684", "MatMul(2684, 50000, 81, TransposeLeft = true", "MatMul(2684, 80, 50000, TransposeRight = true", "MatMul(2047, 2047, 65535, TransposeLeft = true, TransposeRight = true",
            }
            select $"[{attribute}, Accumulate = true)] public static unsafe partial void F({element}* first, {element}* second, {element}* third);";
        KernelCompilation.Compile(KernelCompilation.Create([$"public static partial class C {{ {string.Join("\n", declarations.Select((declaration, i) => declaration.Replace(" F(", $" F{i}(")))} }}"]));
    }

    [Fact]
    public void Emitted_methods_stay_far_below_the_limits_of_the_JIT()
    {
        var declarations = new List<string>();
        foreach (var size in new[] { 1, 4, 15, 31, 64, 79, 127, 256, 1023, 4096 })
        {
            foreach (var element in new[] { "float", "double" })
            {
                string Declare(string attribute) =>
                    $"[{attribute}, Accumulate = true)] public static partial void F{declarations.Count}(ReadOnlySpan<{element}> first, ReadOnlySpan<{element}> second, Span<{element}> last, {element} s);";
                foreach (var attribute in new[] { $"MatVec({size}, {size}", $"MatVec(63, {size}", $"MatVecTransposed({size}, {size}", $"OuterProduct({size}, {size}" })
                {
                    declarations.Add(Declare(attribute));
                }

                foreach (var transposes in new[] { "", ", TransposeLeft = true", ", TransposeRight = true", ", TransposeLeft = true, TransposeRight = true" })
                {
                    declarations.Add(Declare($"MatMul({size}, {size}, {size}{transposes}"));
                    declarations.Add(Declare($"MatMul(23, {size}, 41{transposes}"));
                }
            }
        }

        var assembly = Assembly.Load(KernelCompilation.Compile(KernelCompilation.Create([$"public static partial class C {{ {string.Join("\n", declarations)} }}"])));
        var methods = assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Body: method.GetMethodBody()!))
            .ToArray();
        Assert.True(methods.Length > declarations.Count);
        Assert.All(methods, method => Assert.InRange(method.Body.GetILAsByteArray()!.Length, 1, MostBytes / 4));
        Assert.All(methods, method => Assert.InRange(method.Body.LocalVariables.Count, 0, MostLocals / 8));
    }
}
