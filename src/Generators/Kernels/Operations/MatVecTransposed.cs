using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>A' x: rows of A added up with the elements of x as factors, every sum of a panel of columns in a register.</summary>
internal sealed class MatVecTransposed : Operation
{
    public override string[] SizeNames => ["rows", "columns"];

    public override Operand[] Operands(KernelShape shape) =>
        [new("matrix", shape.Sizes[0], shape.Sizes[1], RowStride: shape.LeftRowStride), new("vector", shape.Sizes[0]), new("result", shape.Sizes[1], IsResult: true)];

    protected override (string Operand, string[] Names)[] OtherNames =>
        [("matrix", ["a", "weights"]), ("vector", ["x", "input"]), ("result", ["y", "output", "destination"])];

    public override string Formula(KernelShape shape) => "A' x";

    protected override (Operation Operation, KernelShape Shape, int[] Order) Renamed(KernelShape shape) =>
        shape.Sizes[1] == 1 && shape.Sizes[0] > 1 ? As<MatVec>(shape, [1, shape.Sizes[0]], 0, 1, 2) : base.Renamed(shape);

    public override int Terms(KernelShape shape) => shape.Sizes[0];

    public override int VectorizedLength(KernelShape shape) => shape.Sizes[1];

    public override string Describe(KernelShape shape, VectorForm form)
    {
        var plan = Plan(shape, form);
        return plan.IsWhole ? $"All columns are summed at once over all rows, in {plan.Describe()}" : $"Columns are summed over all rows in panels of {plan.Describe()}";
    }

    public override void WriteBody(KernelShape shape, BodyWriter body, List<Action> later)
    {
        var plan = Plan(shape, body.Form);
        foreach (var panel in plan.Panels)
        {
            var isLooped = panel.Count > 1;
            var width = panel.Registers * plan.Lanes;
            using (plan.IsWhole ? null : (CodeWriter.Scope?)body.Code.Block(isLooped ? $"for (nint column = {panel.Start}; column < {panel.Start + (panel.Count * width)}; column += {width})" : string.Empty))
            {
                var start = isLooped ? " + column" : At(string.Empty, panel.Start);
                body.Code.Line("var x = vector;");
                body.Code.Line($"var rows = matrix{start};");
                var tile = new Tile(1, panel, Chains(panel.Registers, shape.Sizes[0]), shape.Sizes[0], ("x", "1", "1"), ("rows", Stride(shape)));
                TileWriter.WriteSums(body, plan, tile);
                TileWriter.WriteRow(body, plan, panel, $"result{start}", register => TileWriter.Sum(tile, 0, register));
            }
        }
    }

    private static PanelPlan Plan(KernelShape shape, VectorForm form) =>
        PanelPlan.For(shape.Sizes[1], shape.Element, form, MostAccumulators(form));

    /// <summary>All registers but those for the element and a load.</summary>
    private static int MostAccumulators(VectorForm form) => form.IsScalar ? 8 : form.Registers >= 32 ? 16 : 12;

    /// <summary>Eight independent sums cover the latency of the multiply-add.</summary>
    private static int Chains(int registers, int depth)
    {
        var chains = 1;
        while (2 * chains * registers <= 8 && 2 * chains <= depth)
        {
            chains *= 2;
        }

        return chains;
    }
}
