using CharRnn.Generators.Recurrent;

namespace CharRnn.Generators.Products;

/// <summary>The class to write products into, and the shapes of cells whose sizes become constants; nothing of the compilation is kept.</summary>
internal sealed record ProductModel(string Namespace, string ClassName, string Accessibility, EquatableArray<FixedShape> Shapes)
{
    /// <summary>What a product of these networks goes over: m units, or the gradients of K logits.</summary>
    public int[] Depths => [.. Shapes.SelectMany(shape => new[] { shape.HiddenSize, shape.VocabularySize }).Distinct().OrderBy(depth => depth)];
}
