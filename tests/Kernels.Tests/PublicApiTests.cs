using System.Reflection;
using System.Runtime.CompilerServices;

namespace CharRnn.Kernels.Tests;

/// <summary>
/// The package's public surface, member by member: with all that a caller's source or binary depends on, so with the names of parameters, default
/// values, constraints and constants too. A change to it is a decision: <c>UPDATE_SNAPSHOTS=1</c> writes the file anew.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_as_recorded()
    {
        var lines = typeof(MatVecAttribute).Assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Describe(type)));
        var text = string.Join("\n", lines) + "\n";
        var path = Path.Combine(Folder(), "PublicApi.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Describe(Type type) =>
        $"{(type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class")} {type.FullName} : {string.Join(", ", type.GetInterfaces().OrderBy(implemented => implemented.FullName, StringComparer.Ordinal).Prepend(type.BaseType))}{Constraints(type.GetGenericArguments())}"
        + (type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage ? $" on {usage.ValidOn}, {(usage.AllowMultiple ? "many" : "one")}" : string.Empty);

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors().Length > 0,
            _ => false,
        })
        .Select(member => $"    {Describe(member)}");

    private static string Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } constant => $"const {constant} = {constant.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsStatic ? "static " : string.Empty)}{(field.IsInitOnly ? "readonly " : string.Empty)}{field}",
        MethodBase method => $"{(method.IsStatic ? "static " : string.Empty)}{(method is MethodInfo { ReturnParameter: var value } && value.GetRequiredCustomModifiers().Length > 0 ? "init " : string.Empty)}{method}"
            + (method.GetParameters().Length > 0 ? $" [{string.Join(", ", method.GetParameters().Select(parameter => parameter.Name + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : string.Empty)))}]" : string.Empty)
            + (method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : string.Empty),
        _ => $"{member}",
    };

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Select(parameter =>
        $" where {parameter.Name} : {string.Join(", ", parameter.GetGenericParameterConstraints().Select(constraint => constraint.Name).Order(StringComparer.Ordinal).Append(parameter.GenericParameterAttributes.ToString()))}"));

    private static string Folder([CallerFilePath] string file = "")
    {
        var beside = Path.GetDirectoryName(file)!;
        return File.Exists(Path.Combine(beside, "PublicApi.txt")) ? beside : AppContext.BaseDirectory;
    }
}
