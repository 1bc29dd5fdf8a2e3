namespace CharRnn.Generators.Kernels;

/// <summary>
/// One annotated method as the emitter needs it. Strings and numbers only, compared by value: no symbol and no syntax,
/// so that an edit elsewhere leaves it equal and nothing is emitted again.
/// </summary>
/// <param name="Operation">The operation's name in the registry.</param>
/// <param name="Shape">What the body depends on.</param>
/// <param name="Namespace">The namespace of the user's type; empty for the global one.</param>
/// <param name="ContainingTypes">Headers of the types around the method, outermost first, such as <c>partial class Filter</c>.</param>
/// <param name="Modifiers">The declaration's own modifiers, which both parts must share.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">Its parameters in order.</param>
/// <param name="Documentation">The user's own doc comment, lines beginning with three slashes; may be empty.</param>
internal sealed record KernelModel(
    string Operation,
    KernelShape Shape,
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Modifiers,
    string Name,
    EquatableArray<KernelParameter> Parameters,
    string Documentation)
{
    /// <summary>A file name of its own for every method: two may differ in nothing but upper and lower case, or in the parameters.</summary>
    public string HintName
    {
        get
        {
            var types = string.Join(".", ContainingTypes.Select(header => header.Split('<')[0].Split(' ').Last()));
            var identity = $"{Namespace}|{string.Join("|", ContainingTypes)}|{Name}|{Shape.Element}|{string.Join(",", Parameters.Select(parameter => $"{parameter.Form}"))}";
            var hash = 2166136261u;
            foreach (var character in identity)
            {
                hash = unchecked((hash ^ character) * 16777619u);
            }

            return $"{types}.{Name}.{hash:x8}.g.cs".Replace("@", string.Empty);
        }
    }
}

/// <summary>How a parameter is passed.</summary>
internal enum ParameterForm
{
    ReadOnlySpan,
    Span,
    Pointer,
    Value,
}

/// <summary>One parameter of an annotated method.</summary>
internal sealed record KernelParameter(string Name, ParameterForm Form, string Modifiers);
