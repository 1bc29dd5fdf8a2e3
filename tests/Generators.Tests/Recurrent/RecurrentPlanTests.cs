using System.Text.RegularExpressions;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Recurrent;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>The plan of an update's kernels against the registers that there are, and the emitted code against the plan and the compiler's limits.</summary>
public sealed class RecurrentPlanTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 61, 64, 65, 75, 80, 83, 96, 97, 100, 112, 127, 128, 143, 200, 256, 511, 1024, 3000];

    [Fact]
    public void Tiles_and_panels_cover_their_matrices_and_fit_the_registers()
    {
        foreach (var (shape, type, form) in Variants())
        {
            var plan = RecurrentPlan.For(shape, type, form);
            var lanes = form.Lanes(type);
            Assert.Equal(lanes, plan.BlockRows * plan.BlockColumns);
            Covers(shape.HiddenSize, plan.BlockRows, plan.RowBlocks);
            Covers(shape.HiddenSize, plan.BlockColumns, plan.ColumnBlocks);
            Covers(shape.HiddenSize, lanes, plan.HiddenStride / lanes);
            Covers(shape.VocabularySize, lanes, plan.VocabularyStride / lanes);
            Assert.InRange(plan.RowStride, plan.ColumnBlocks * lanes, (plan.ColumnBlocks + 1) * lanes);

            // Rows side by side must not meet in the same sets of a cache of 4 KB a way.
            Assert.True(form.IsScalar || plan.RowBlocks < 8 || plan.RowStride * type.Size() % 2048 != 0, $"{shape} {type} {form}");

            // W h: passes of whole registers of results, then one that is not thin.
            Assert.Equal(0, plan.Pass % plan.BlockColumns);
            Assert.Equal(0, (plan.RowBlocks - plan.LastPass) % plan.Pass);
            Assert.InRange(plan.LastPass, Math.Min(plan.RowBlocks, TilePlan.LeastLastPass(form)), TilePlan.MostPassBlocks(form));
            Assert.True(form.IsScalar || TilePlan.MostPassBlocks(form) + 1 < form.Registers);

            // W' dz: every panel but the last starts the next on a register of columns.
            Assert.Equal(plan.ColumnBlocks, plan.BackwardPanels.Sum());
            Assert.All(plan.BackwardPanels.SkipLast(1), width => Assert.Equal((plan.BackwardPanels[0], 0), (width, width % plan.BlockRows)));
            Assert.All(plan.BackwardPanels, width => Assert.InRange(width + 2, 3, form.Registers));

            Fits(plan.Logits, plan.VocabularyStride / lanes, form, besides: 0);
            Fits(plan.HiddenGradient, plan.HiddenStride / lanes, form, besides: 0);
            Fits(plan.UpdateV, plan.VocabularyStride / lanes, form, besides: 2);
            Fits(plan.UpdateW, plan.RowBlocks, form, besides: 2);
        }
    }

    [Fact]
    public void The_plan_of_the_textbooks_network_is_as_measured()
    {
        Assert.Equal(
            [
                "W: 25 x 25 blocks of 4 x 4. m is padded to 112, K to 80.",
                "W h: passes of 12 rows of blocks, the last of 13. W' dz: panels of 12, 13 blocks across.",
                "Tiles, the most rows x registers across: O 5x5; dH 6x4 and 8x3; dV 4x5; dW 4x5.",
            ],
            RecurrentPlan.For(new(100, 80), ElementType.Single, VectorForm.Vector512).Comment());
        Assert.Equal(
            [
                "W: 50 x 25 blocks of 2 x 4. m is padded to 104, K to 80.",
                "W h: passes of 8 rows of blocks, the last of 10. W' dz: panels of 12, 13 blocks across.",
                "Tiles, the most rows x registers across: O 4x3 and 6x2; dH 4x3 and 6x2; dV 1x10; dW 1x10.",
            ],
            RecurrentPlan.For(new(100, 80), ElementType.Single, VectorForm.Vector256).Comment());
    }

    /// <summary>The compiler leaves methods over 60,000 bytes of IL or some hundreds of locals unoptimised; a class must also not slow a build.</summary>
    [Fact]
    public void Emitted_code_keeps_its_budget_and_quotes_its_plan()
    {
        var model = new RecurrentModel("Test", "Kernels", "internal", RecurrentCompilation.Cell, RecurrentCompilation.Rule, new([]));
        foreach (var (shape, type, form) in Variants().Where(variant => !variant.Form.IsScalar && (variant.Shape.HiddenSize * 7) % 3 == 0 || variant.Shape.HiddenSize is 1 or 100 or 1024))
        {
            if (form.IsScalar)
            {
                continue;
            }

            var text = RecurrentEmitter.Emit(model, new RecurrentVariant(shape, type, form));
            Assert.All(RecurrentPlan.For(shape, type, form).Comment(), line => Assert.Contains($"    /// {line}\n", text));
            Budget(text, lines: 3500);
        }

        foreach (var type in new[] { ElementType.Single, ElementType.Double })
        {
            Assert.All(VectorForm.All, form => Budget(RecurrentEmitter.Emit(model, new RecurrentVariant(null, type, form)), lines: 11_000));
        }
    }

    private static IEnumerable<(FixedShape Shape, ElementType Type, VectorForm Form)> Variants() =>
        from size in Sizes
        from other in new[] { 1, 80, size }
        from type in new[] { ElementType.Single, ElementType.Double }
        from form in VectorForm.All
        select (new FixedShape(size, other), type, form);

    private static void Covers(int size, int unit, int count) => Assert.InRange(size, ((count - 1) * unit) + 1, count * unit);

    private static void Fits(Tiling tiling, int registers, VectorForm form, int besides)
    {
        Assert.Equal(registers, tiling.Panels.Sum());
        foreach (var (across, rows) in tiling.Panels.Zip(tiling.Rows))
        {
            // A tile of one row takes its right side from memory.
            Assert.InRange((rows * across) + (rows > 1 ? across : 0) + 1 + besides, 2 + besides, form.Registers);
        }
    }

    private static void Budget(string text, int lines)
    {
        Assert.InRange(text.Split('\n').Length, 50, lines);
        foreach (var method in Regex.Split(text, @"\n(?=        (?:public|private|protected) )"))
        {
            Assert.InRange(method.Split('\n').Length, 1, 170);
            Assert.InRange(Regex.Count(method, @"\bvar \w+ ="), 0, 80);
        }
    }
}
