using CharRnn.Generators.Emission;
using CharRnn.Generators.Kernels.Operations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Kernels;

/// <summary>What became of one annotated method: a model, or the first mistake in it, or neither when the compiler itself complains.</summary>
/// <param name="Model">What to emit.</param>
/// <param name="Mistake">What to say: beside a model, a warning.</param>
/// <param name="Stub">Where there is no model: a body that throws, so that the mistake is the only error and not also that a body is missing.</param>
internal sealed record ParsedKernel(KernelModel? Model, DiagnosticInfo? Mistake, KernelStub? Stub = null);

/// <summary>Reads an annotated method's symbols into a model.</summary>
internal static class KernelParser
{
    public static ParsedKernel Parse(Operation operation, GeneratorAttributeSyntaxContext target)
    {
        var method = (IMethodSymbol)target.TargetSymbol;
        var attribute = target.Attributes[0];
        var location = method.Locations[0];
        ParsedKernel Mistake(DiagnosticDescriptor descriptor, params string[] arguments) =>
            new(null, DiagnosticInfo.Create(descriptor, location, [method.Name, .. arguments]), KernelStub.For(method, target.TargetNode, descriptor.Id, target.SemanticModel.Compilation.Options is CSharpCompilationOptions { AllowUnsafe: true }));

        // This runs for every kernel at every keystroke, so the full name is made up only where the short one fits.
        var attributes = method.GetAttributes();
        var kernels = Operation.All
            .Where(other => other == operation || attributes.Any(data => data.AttributeClass?.Name == other.Name + "Attribute" && data.AttributeClass.ToDisplayString() == other.AttributeName))
            .ToArray();
        if (kernels.Length > 1)
        {
            // Every attribute leads here; the first one reports.
            return kernels[0] == operation
                ? Mistake(KernelDiagnostics.TwoKernels, string.Join(" and ", kernels.Select(kernel => $"[{kernel.Name}]")))
                : new(null, null);
        }

        if (DeclarationFault(method, target.TargetNode) is { } fault)
        {
            return Mistake(KernelDiagnostics.NotStaticPartial, fault);
        }

        if (attribute.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error)
            || attribute.ConstructorArguments.Length != operation.SizeNames.Length)
        {
            return new(null, null);
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal || !type.DeclaringSyntaxReferences.All(reference => IsPartial(reference.GetSyntax())))
            {
                return Mistake(KernelDiagnostics.TypeNotPartial, type.Name);
            }
        }

        if (target.SemanticModel.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp11 and var version })
        {
            return Mistake(KernelDiagnostics.OldLanguage, version.ToDisplayString());
        }

        var sizes = attribute.ConstructorArguments.Select(argument => (int)argument.Value!).ToArray();
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is < 1 or > SizeLimits.LargestSide)
            {
                return Mistake(KernelDiagnostics.BadSize, $"{operation.SizeNames[i]} is {sizes[i]}, and must be from 1 to {SizeLimits.LargestSide}");
            }
        }

        var named = attribute.NamedArguments.ToDictionary(pair => pair.Key, pair => pair.Value.Value);
        bool Flag(string name) => named.TryGetValue(name, out var value) && value is true;
        var shape = new KernelShape(
            new(sizes),
            ElementType.Single,
            Flag("Accumulate"),
            named.TryGetValue("Scale", out var constant) && constant is double factor ? factor : 1,
            false,
            Flag("TransposeLeft"),
            Flag("TransposeRight"),
            named.TryGetValue("MaxVectorWidth", out var width) && width is int bits ? bits : 0,
            Flag("Bias"),
            named.TryGetValue("Activation", out var function) && function is int number ? (ActivationFunction)number : ActivationFunction.None);
        if (named.ContainsKey("MaxVectorWidth") && shape.MaxVectorWidth is not (128 or 256 or 512))
        {
            return Mistake(KernelDiagnostics.BadWidth, $"{shape.MaxVectorWidth}");
        }

        if (!Enum.IsDefined(typeof(ActivationFunction), shape.Activation))
        {
            return Mistake(KernelDiagnostics.BadActivation, $"{(int)shape.Activation}", string.Join(", ", Enum.GetNames(typeof(ActivationFunction))));
        }

        // A matrix whose rows follow one another is no block.
        var dense = operation.Operands(shape);
        foreach (var (name, operand) in operation.StrideNames)
        {
            if (!named.TryGetValue(name, out var given) || given is not int stride)
            {
                continue;
            }

            var columns = dense.Single(candidate => candidate.Name == operand).Columns;
            if (stride < columns || stride > SizeLimits.LargestSide)
            {
                return Mistake(KernelDiagnostics.BadStride, name, $"{stride}", $"{columns}", $"{SizeLimits.LargestSide}");
            }

            stride = stride == columns ? 0 : stride;
            shape = name switch
            {
                "RightRowStride" => shape with { RightRowStride = stride },
                "ResultRowStride" => shape with { ResultRowStride = stride },
                _ => shape with { LeftRowStride = stride },
            };
        }

        var operands = operation.Operands(shape);
        foreach (var operand in operands)
        {
            if (operand.Length > SizeLimits.LargestMatrix)
            {
                return Mistake(KernelDiagnostics.BadSize, $"{operand.Name} has {operand.Length} elements ({operand.ShapeText}), and may have at most {SizeLimits.LargestMatrix}");
            }
        }

        var expected = string.Join(", ", operands.Select(operand => $"{(operand.IsResult ? "Span" : "ReadOnlySpan")}<float> {operand.Name}"))
            + " (or double, or pointers), and optionally float scale";
        if (method.Parameters.Length != operands.Length && method.Parameters.Length != operands.Length + 1)
        {
            return Mistake(KernelDiagnostics.WrongSignature, expected, $"it has {method.Parameters.Length} parameters");
        }

        var parameters = new List<KernelParameter>();
        ITypeSymbol? element = null;
        for (var i = 0; i < method.Parameters.Length; i++)
        {
            var parameter = method.Parameters[i];
            var operand = i < operands.Length ? operands[i] : null;
            var (form, type) = Form(parameter.Type);
            if (parameter.RefKind != RefKind.None)
            {
                return Mistake(KernelDiagnostics.WrongSignature, expected, $"'{parameter.Name}' is passed by reference");
            }

            if (operand is null != form is ParameterForm.Value)
            {
                return Mistake(KernelDiagnostics.WrongSignature, expected, operand is null
                    ? $"'{parameter.Name}', after the result, may only be a number, the scale"
                    : $"'{parameter.Name}' is {parameter.Type.ToDisplayString()}");
            }

            if (operand is { IsResult: true } && form == ParameterForm.ReadOnlySpan)
            {
                return Mistake(KernelDiagnostics.WrongSignature, expected, $"'{parameter.Name}' is the result, and a ReadOnlySpan cannot be written");
            }

            if (type.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double))
            {
                return type.TypeKind == TypeKind.Error
                    ? new(null, null)
                    : Mistake(KernelDiagnostics.ElementTypeNotSupported, type.ToDisplayString());
            }

            if (element is not null && !SymbolEqualityComparer.Default.Equals(element, type))
            {
                return Mistake(KernelDiagnostics.WrongSignature, expected, $"it mixes {element.ToDisplayString()} and {type.ToDisplayString()}");
            }

            element = type;
            parameters.Add(new(Escape(parameter.Name), form, Modifiers(method, parameter)));
        }

        shape = shape with
        {
            Element = element!.SpecialType == SpecialType.System_Single ? ElementType.Single : ElementType.Double,
            HasScaleParameter = method.Parameters.Length > operands.Length,
        };

        if (shape.HasScaleParameter && named.ContainsKey("Scale"))
        {
            return Mistake(KernelDiagnostics.BadScale, "the scale is given twice, as Scale and as a parameter");
        }

        var rounded = shape.Element == ElementType.Single ? (float)shape.Scale : shape.Scale;
        if (double.IsNaN(rounded) || double.IsInfinity(rounded) || rounded == 0)
        {
            return Mistake(KernelDiagnostics.BadScale, $"Scale must be a finite number other than zero in {shape.Element.Keyword()}");
        }

        if (target.SemanticModel.Compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
        {
            return Mistake(KernelDiagnostics.UnsafeNeeded);
        }

        return new(
            Model(operation, shape, method, (MethodDeclarationSyntax)target.TargetNode, parameters),
            operation.OddName(operands, method.Parameters) is var (odd, meant)
                ? DiagnosticInfo.Create(KernelDiagnostics.OddOrder, method.Parameters[odd].Locations[0], method.Name, $"{odd + 1}", operands[odd].Name, method.Parameters[odd].Name, operands[meant].Name, string.Join(", ", operands.Select(operand => operand.Name)))
                : null);
    }

    private static KernelModel Model(Operation operation, KernelShape shape, IMethodSymbol method, MethodDeclarationSyntax declaration, List<KernelParameter> parameters)
    {
        var types = new List<string>();
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            var arguments = type.TypeParameters.Length == 0 ? string.Empty : $"<{string.Join(", ", type.TypeParameters.Select(parameter => Escape(parameter.Name)))}>";
            // With pointers among the parameters, the user may have written unsafe on any of the types around.
            types.Insert(0, $"unsafe partial {KernelStub.Keyword(type)} {Escape(type.Name)}{arguments}");
        }

        var space = method.ContainingNamespace;
        return new(
            operation.Name,
            shape,
            space.IsGlobalNamespace ? string.Empty : space.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
            new([.. types]),
            string.Join(" ", declaration.Modifiers.Select(modifier => modifier.Text)),
            Escape(method.Name),
            new([.. parameters]),
            Documentation(declaration));
    }

    private static string? DeclarationFault(IMethodSymbol method, SyntaxNode node)
    {
        if (node is LocalFunctionStatementSyntax)
        {
            return "it is a local function";
        }

        if (node is not MethodDeclarationSyntax declaration)
        {
            return "it is not an ordinary method";
        }

        if (KernelStub.Keyword(method.ContainingType) is null)
        {
            return "it is in an extension block";
        }

        if (!method.IsStatic)
        {
            return "it is not static";
        }

        if (declaration.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            return "it is async";
        }

        if (!method.IsPartialDefinition)
        {
            return method.PartialDefinitionPart is null ? "it is not partial" : "it has a body already";
        }

        if (method.PartialImplementationPart is not null)
        {
            return "it has a body already";
        }

        return !method.ReturnsVoid ? "it returns a value" : method.IsGenericMethod ? "it has type parameters" : null;
    }

    private static bool IsPartial(SyntaxNode node) =>
        node is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static (ParameterForm Form, ITypeSymbol Element) Form(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol pointer => (ParameterForm.Pointer, pointer.PointedAtType),
        INamedTypeSymbol { TypeArguments.Length: 1, Name: "Span" or "ReadOnlySpan" } span
            when span.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true } =>
            (span.Name == "Span" ? ParameterForm.Span : ParameterForm.ReadOnlySpan, span.TypeArguments[0]),
        _ => (ParameterForm.Value, type),
    };

    /// <summary>What the other part of the method must repeat of a parameter.</summary>
    public static string Modifiers(IMethodSymbol method, IParameterSymbol parameter) =>
        (method.IsExtensionMethod && parameter.Ordinal == 0 ? "this " : string.Empty)
        + (parameter.IsParams ? "params " : string.Empty)
        + (parameter.ScopedKind == ScopedKind.ScopedValue && !parameter.IsParams ? "scoped " : string.Empty);

    /// <summary>The documentation comment as it was written, of either kind.</summary>
    private static string Documentation(MethodDeclarationSyntax declaration)
    {
        var lines = new List<string>();
        var isBlock = false;
        foreach (var line in declaration.GetLeadingTrivia().ToFullString().Split('\n').Select(line => line.Trim()))
        {
            isBlock |= line.StartsWith("/**", StringComparison.Ordinal);
            if (isBlock || line.StartsWith("///", StringComparison.Ordinal))
            {
                lines.Add(line);
            }

            isBlock &= !line.EndsWith("*/", StringComparison.Ordinal);
        }

        return string.Join("\n", lines);
    }

    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
