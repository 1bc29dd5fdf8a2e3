using System.Globalization;
using CharRnn.Generators.Emission;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CharRnn.Generators.Recurrent;

/// <summary>What the build says about the shapes to compile in: the MSBuild properties as they were given.</summary>
internal sealed record BuildShapes(string HiddenSize, string VocabularySize, string Shapes)
{
    public static BuildShapes Read(AnalyzerConfigOptions options)
    {
        string Property(string name) => options.TryGetValue("build_property." + name, out var value) ? value.Trim() : string.Empty;
        return new(Property("HiddenSize"), Property("VocabularySize"), Property("Shapes"));
    }

    /// <summary>
    /// The shapes, or what is wrong with them. For the vanilla network with one stream an explicit list wins; where it names none, it is
    /// hidden size by the corpus' vocabulary or the given one.
    /// </summary>
    public (EquatableArray<FixedShape> Shapes, string? Error) Resolve(int corpusVocabulary)
    {
        var (named, error) = Shapes.Length > 0 ? Parse(Shapes) : ([], null);
        if (error is not null || named.Any(shape => shape.Cell is null))
        {
            return (named, error);
        }

        var hidden = HiddenSize.Length > 0 ? HiddenSize : "100";
        var vocabulary = VocabularySize.Length > 0 ? VocabularySize : $"{corpusVocabulary}";
        var (own, ownError) = Parse($"{hidden}x{vocabulary}");
        return (new([.. own, .. named]), ownError);
    }

    /// <summary>Shapes such as <c>64x80+lstm:128x80</c>.</summary>
    public static (EquatableArray<FixedShape> Shapes, string? Error) Parse(string text)
    {
        var shapes = new List<FixedShape>();
        foreach (var part in text.Split('+'))
        {
            var colon = part.IndexOf(':');
            var cell = colon < 0 ? null : part.Substring(0, colon).Trim();
            var sizes = part.Substring(colon + 1).Trim().Split('x');
            if (sizes.Length != 2 || !TryParse(sizes[0], out var hidden) || !TryParse(sizes[1], out var vocabulary))
            {
                return (default, $"'{part}' is not a shape: write hidden size x vocabulary size, each from 1 to {SizeLimits.LargestSide}, such as 100x80 or lstm:128x80, and join several with '+'");
            }

            // W is hidden x hidden, U and V hidden x vocabulary.
            var largest = (long)hidden * Math.Max(hidden, vocabulary);
            if (largest > SizeLimits.LargestMatrix)
            {
                return (default, $"'{part}' has a matrix of {largest} elements, and at most {SizeLimits.LargestMatrix} are compiled in: leave it out, and the kernels with run-time sizes take it");
            }

            var shape = new FixedShape(hidden, vocabulary, cell);
            if (!shapes.Contains(shape))
            {
                shapes.Add(shape);
            }
        }

        return (new EquatableArray<FixedShape>([.. shapes]), null);
    }

    private static bool TryParse(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= SizeLimits.LargestSide;
}
