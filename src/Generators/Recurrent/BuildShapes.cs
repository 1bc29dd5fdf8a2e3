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

    /// <summary>The shapes, or what is wrong with them. An explicit list wins; else hidden size by the corpus' vocabulary or the given one.</summary>
    public (EquatableArray<FixedShape> Shapes, string? Error) Resolve(int corpusVocabulary)
    {
        if (Shapes.Length > 0)
        {
            return Parse(Shapes);
        }

        var hidden = HiddenSize.Length > 0 ? HiddenSize : "100";
        var vocabulary = VocabularySize.Length > 0 ? VocabularySize : $"{corpusVocabulary}";
        return Parse($"{hidden}x{vocabulary}");
    }

    /// <summary>Shapes such as <c>64x80+100x80</c>.</summary>
    public static (EquatableArray<FixedShape> Shapes, string? Error) Parse(string text)
    {
        var shapes = new List<FixedShape>();
        foreach (var part in text.Split('+'))
        {
            if (part.Contains(':'))
            {
                return (default, $"'{part}' names a cell: only the vanilla network with one stream has sizes of its own compiled in; leave it out, every other network takes its sizes at run time");
            }

            var sizes = part.Trim().Split('x');
            if (sizes.Length != 2 || !TryParse(sizes[0], out var hidden) || !TryParse(sizes[1], out var vocabulary))
            {
                return (default, $"'{part}' is not a shape: write hidden size x vocabulary size, each from 1 to {SizeLimits.LargestSide}, such as 100x80, and join several with '+'");
            }

            // W is hidden x hidden, U and V hidden x vocabulary.
            var largest = (long)hidden * Math.Max(hidden, vocabulary);
            if (largest > SizeLimits.LargestMatrix)
            {
                return (default, $"'{part}' has a matrix of {largest} elements, and at most {SizeLimits.LargestMatrix} are compiled in: leave it out, and the kernels with run-time sizes take it");
            }

            var shape = new FixedShape(hidden, vocabulary);
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
