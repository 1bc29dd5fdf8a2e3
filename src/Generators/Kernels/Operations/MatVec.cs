using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>A x: dots of rows, several at a time.</summary>
internal sealed class MatVec : Operation
{
    public override string[] SizeNames => ["rows", "columns"];

    public override Operand[] Operands(KernelShape shape) =>
        [new("matrix", shape.Sizes[0], shape.Sizes[1], RowStride: shape.LeftRowStride), new("vector", shape.Sizes[1]), .. Bias(shape, shape.Sizes[0]), new("result", shape.Sizes[0], IsResult: true)];

    protected override (string Operand, string[] Names)[] OtherNames =>
        [("matrix", ["a", "weights"]), ("vector", ["x", "input"]), ("result", ["y", "output", "destination"])];

    public override string Formula(KernelShape shape) => "A x";

    protected override (Operation Operation, KernelShape Shape, int[] Order) Renamed(KernelShape shape) =>
        shape.Sizes[1] == 1 ? As<MatVecTransposed>(shape, [1, shape.Sizes[0]], 0, 1, 2) : base.Renamed(shape);

    public override int Terms(KernelShape shape) => shape.Sizes[1];

    public override int VectorizedLength(KernelShape shape) => shape.Sizes[1];

    /// <summary>Of many rows the loads decide, and 512 bits have fewer of them.</summary>
    protected override bool MayTakeFewerLanes(KernelShape shape) => shape.Sizes[0] <= 32 && IsOneRegisterAndMore(shape, shape.Sizes[1]);

    public override string Describe(KernelShape shape, VectorForm form)
    {
        var plan = Plan(shape, form);
        var groups = plan.Groups.Select(group => group.Count == 1 ? $"{group.Rows}" : $"{group.Count} x {group.Rows}");
        var tail = plan.Tail > 0 ? $" and {Count(plan.Tail, "element")} in an overlapping one" : string.Empty;
        var elements = form.IsScalar ? Count(plan.Full, "element") : $"{Count(plan.Full, "register")} of {plan.Lanes}{tail}";
        return $"Dots of {string.Join(" + ", groups)} rows at a time, each row {elements}";
    }

    public override void WriteBody(KernelShape shape, BodyWriter body, List<Action> later)
    {
        var plan = Plan(shape, body.Form);
        var code = body.Code;
        if (plan.Tail > 0)
        {
            body.DeclareTailMask(plan.Tail);
            code.Line($"var vectorTail = {body.Load($"vector + {shape.Sizes[1] - plan.Lanes}")} & tailMask;");
        }

        if (plan.IsUnrolled)
        {
            for (var v = 0; v < plan.Full; v++)
            {
                code.Line($"var vector{v} = {body.Load(At("vector", v * plan.Lanes))};");
            }
        }

        foreach (var group in plan.Groups)
        {
            if (group.Start > 0 || plan.Tail > 0 || plan.IsUnrolled)
            {
                code.Line();
            }

            if (group.Count == 1)
            {
                using (plan.Groups.Count == 1 ? null : (CodeWriter.Scope?)code.Block(string.Empty))
                {
                    code.Line($"var rows = {AtRow("matrix", group.Start, Stride(shape))};");
                    WriteGroup(shape, plan, body, group, At("result", group.Start));
                }
            }
            else
            {
                using (code.Block($"for (nint row = {group.Start}; row < {group.Start + (group.Rows * group.Count)}; row += {group.Rows})"))
                {
                    code.Line($"var rows = matrix + row * {Stride(shape)};");
                    WriteGroup(shape, plan, body, group, "result + row");
                }
            }
        }
    }

    private static DotPlan Plan(KernelShape shape, VectorForm form) => DotPlan.For(shape.Sizes[0], shape.Sizes[1], shape.Element, form);

    private static void WriteGroup(KernelShape shape, DotPlan plan, BodyWriter body, DotGroup group, string result)
    {
        var code = body.Code;
        var rows = Enumerable.Range(0, group.Rows).ToArray();
        string Sum(int row, int chain) => $"sum{row}{Chain(chain)}";
        string MatrixAt(int row, string offset) => AtRow($"rows{offset}", row, Stride(shape));

        if (plan.IsUnrolled)
        {
            for (var v = 0; v < plan.Full; v++)
            {
                foreach (var row in rows)
                {
                    var chain = v % group.Chains;
                    var element = body.Load(MatrixAt(row, v == 0 ? string.Empty : $" + {v * plan.Lanes}"));
                    code.Line(v < group.Chains
                        ? $"var {Sum(row, chain)} = {element} * vector{v};"
                        : $"{Sum(row, chain)} = {body.Form.MultiplyAdd(element, $"vector{v}", Sum(row, chain))};");
                }
            }
        }
        else
        {
            for (var chain = 0; chain < group.Chains; chain++)
            {
                foreach (var row in rows)
                {
                    code.Line($"var {Sum(row, chain)} = {body.Form.Zero(body.Element)};");
                }
            }

            void Step(string offset, int chain, bool declare)
            {
                code.Line($"{(declare ? "var " : string.Empty)}x = {body.Load($"vector{offset}")};");
                foreach (var row in rows)
                {
                    code.Line($"{Sum(row, chain)} = {body.Form.MultiplyAdd(body.Load(MatrixAt(row, offset)), "x", Sum(row, chain))};");
                }
            }

            var step = plan.Lanes * group.Chains;
            var looped = plan.Full / group.Chains * step;
            using (code.Block($"for (nint k = 0; k < {looped}; k += {step})"))
            {
                for (var chain = 0; chain < group.Chains; chain++)
                {
                    Step(chain == 0 ? " + k" : $" + k + {chain * plan.Lanes}", chain, chain == 0);
                }
            }

            code.Line();
            for (var v = plan.Full / group.Chains * group.Chains; v < plan.Full; v++)
            {
                using (code.Block(string.Empty))
                {
                    Step($" + {v * plan.Lanes}", v % group.Chains, true);
                }
            }
        }

        if (plan.Tail > 0)
        {
            foreach (var row in rows)
            {
                var element = body.Load(MatrixAt(row, $" + {shape.Sizes[1] - plan.Lanes}"));
                code.Line($"{Sum(row, group.Chains - 1)} = {body.Form.MultiplyAdd($"{element} & tailMask", "vectorTail", Sum(row, group.Chains - 1))};");
            }
        }

        body.MergeChains(rows.Select(row => (Func<int, string>)(chain => Sum(row, chain))), group.Chains);
        body.StoreSums([.. rows.Select(row => Sum(row, 0))], result);
    }
}
