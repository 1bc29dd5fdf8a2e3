using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>A shape that is compiled in: hidden size m and vocabulary size K.</summary>
internal readonly record struct FixedShape(int HiddenSize, int VocabularySize)
{
    public override string ToString() => $"{HiddenSize}x{VocabularySize}";
}

/// <summary>The class to write kernels into, the cell whose equations they compute, and the shapes to write; nothing of the compilation is kept.</summary>
internal sealed record RecurrentModel(string Namespace, string ClassName, string Accessibility, CellModel Cell, EquatableArray<FixedShape> Shapes);

/// <summary>One emitted class: a shape (none: run-time sizes), an element type and a register form.</summary>
internal sealed record RecurrentVariant(FixedShape? Shape, ElementType Type, VectorForm Form)
{
    public string ClassName => $"{(Shape is { } shape ? $"Fixed{shape}" : "RunTime")}{Type}{Form}";

    public int Lanes => Form.Lanes(Type);
}
