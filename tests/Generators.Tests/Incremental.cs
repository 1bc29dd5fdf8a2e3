using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CharRnn.Generators.Tests;

/// <summary>What the tests of incrementality share.</summary>
internal static class Incremental
{
    /// <summary>The records of a pipeline, through and through: anything of Roslyn's in them would keep a compilation alive.</summary>
    /// <param name="model">What a generator's step hands on.</param>
    /// <param name="within">A type that must have been met on the way, so that the walk has been one.</param>
    public static void AssertHoldsNoSyntax(Type model, Type within)
    {
        var seen = new HashSet<Type>();
        Visit(model);
        Assert.Contains(within, seen);

        void Visit(Type type)
        {
            if (!seen.Add(type))
            {
                return;
            }

            Assert.False(typeof(ISymbol).IsAssignableFrom(type) || typeof(SyntaxNode).IsAssignableFrom(type) || typeof(Compilation).IsAssignableFrom(type) || type == typeof(Location) || type == typeof(SyntaxTree), type.FullName);
            foreach (var argument in type.GetGenericArguments())
            {
                Visit(argument);
            }

            if (type.Assembly == model.Assembly)
            {
                foreach (var field in type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public))
                {
                    Visit(field.FieldType);
                }
            }
        }
    }

    /// <summary>The compilation with other texts in some files; a file whose text is the same keeps its tree.</summary>
    public static Compilation Edit(Compilation before, params (SyntaxTree Tree, string Text)[] edits)
    {
        foreach (var (tree, text) in edits)
        {
            if (tree.ToString() != text)
            {
                before = before.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
            }
        }

        return before;
    }
}
