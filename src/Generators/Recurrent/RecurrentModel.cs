using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Optimizers;

namespace CharRnn.Generators.Recurrent;

/// <summary>A shape that is compiled in: hidden size m and vocabulary size K, and the cell; none is the vanilla network with one stream.</summary>
internal readonly record struct FixedShape(int HiddenSize, int VocabularySize, string? Cell = null)
{
    public override string ToString() => $"{(Cell is null ? string.Empty : $"{Cell}:")}{HiddenSize}x{VocabularySize}";
}

/// <summary>The class to write kernels into, the cell and the optimiser's rule whose equations they compute, and the shapes to write; nothing of the compilation is kept.</summary>
internal sealed record RecurrentModel(string Namespace, string ClassName, string Accessibility, CellModel Cell, OptimizerModel Rule, EquatableArray<FixedShape> Shapes)
{
    /// <summary>What keeps the rule from the tiles, which have a register for each of its two numbers, or null.</summary>
    public string? RuleFault => Rule.Slots.Count == 1 && new RuleEquations(Rule) is var equations && equations.Numbers.SequenceEqual(["eta", "epsilon"]) && !equations.MovesWithoutGradient()
        ? null : $"{Rule.ClassName} is not a rule of one slot, eta and epsilon that leaves weights alone whose gradient is zero";
}

/// <summary>One emitted class: a shape (none: run-time sizes), an element type and a register form.</summary>
internal sealed record RecurrentVariant(FixedShape? Shape, ElementType Type, VectorForm Form)
{
    public string ClassName => $"{(Shape is { } shape ? $"Fixed{shape}" : "RunTime")}{Type}{Form}";

    public int Lanes => Form.Lanes(Type);
}
