using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>x y': y stays in registers while all rows are written, or a longer row is written whole. Storing is what limits it.</summary>
internal sealed class OuterProduct : Operation
{
    public override string[] SizeNames => ["rows", "columns"];

    public override Operand[] Operands(KernelShape shape) =>
        [new("x", shape.Sizes[0]), new("y", shape.Sizes[1]), new("matrix", shape.Sizes[0], shape.Sizes[1], IsResult: true, RowStride: shape.LeftRowStride)];

    protected override (string Operand, string[] Names)[] OtherNames => [("matrix", ["a", "result", "output", "destination"])];

    public override string Formula(KernelShape shape) => "x y'";

    protected override (Operation Operation, KernelShape Shape, int[] Order) Renamed(KernelShape shape) =>
        shape.Sizes[1] == 1 && shape.Sizes[0] > 1 ? As<OuterProduct>(shape, [1, shape.Sizes[0]], 1, 0, 2) : base.Renamed(shape);

    public override int Terms(KernelShape shape) => 1;

    public override int VectorizedLength(KernelShape shape) => shape.Sizes[1];

    public override string Describe(KernelShape shape, VectorForm form)
    {
        var plan = Plan(shape, form);
        return plan.IsWhole ? $"y is kept in {plan.Describe()} while all rows are written" : $"Each row is written whole, in panels of {plan.Describe()}";
    }

    public override void WriteBody(KernelShape shape, BodyWriter body, List<Action> later)
    {
        var plan = Plan(shape, body.Form);
        if (plan.IsWhole)
        {
            // y stays in registers while all rows are written.
            var panel = plan.Panels[0];
            for (var register = 0; register < panel.Registers; register++)
            {
                body.Code.Line($"var y{register} = {body.Load(At("y", plan.Offset(panel, register)))};");
            }

            body.Code.Line("var row = matrix;");
            WriteRows(body, Stride(shape), () => WritePart(body, plan, panel, "row", register => $"y{register}"));
            return;
        }

        // A row is written whole before the next one: memory takes long runs of stores faster than short ones far apart.
        body.Code.Line("var row = matrix;");
        WriteRows(body, Stride(shape), () =>
        {
            foreach (var panel in plan.Panels)
            {
                var isLooped = panel.Count > 1;
                var width = panel.Registers * plan.Lanes;
                using var columns = body.Code.Block(isLooped ? $"for (nint column = {panel.Start}; column < {panel.Start + (panel.Count * width)}; column += {width})" : string.Empty);
                var start = isLooped ? " + column" : At(string.Empty, panel.Start);
                WritePart(body, plan, panel, $"row{start}", register => body.Load(At($"y{start}", plan.Offset(panel, register))));
            }
        });
    }

    private static void WriteRows(BodyWriter body, string stride, Action writeRow)
    {
        using (body.Code.Block("for (var i = 0; i < Rows; i++)"))
        {
            body.Code.Line($"var element = {body.Form.Broadcast("x[i]")};");
            writeRow();
            body.Code.Line($"row += {stride};");
        }
    }

    private static void WritePart(BodyWriter body, PanelPlan plan, Panel panel, string pointer, Func<int, string> y)
    {
        for (var register = 0; register < panel.Registers; register++)
        {
            body.Code.Line($"var product{register} = element * {y(register)};");
        }

        TileWriter.WriteRow(body, plan, panel, pointer, register => $"product{register}");
    }

    private static PanelPlan Plan(KernelShape shape, VectorForm form) =>
        PanelPlan.For(shape.Sizes[1], shape.Element, form, form.Registers >= 32 ? 16 : 8);
}
