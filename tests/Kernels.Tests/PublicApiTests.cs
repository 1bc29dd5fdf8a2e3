using System.Reflection;
using System.Runtime.CompilerServices;

namespace CharRnn.Kernels.Tests;

/// <summary>The package's public surface, member by member. A change to it is a decision: <c>UPDATE_SNAPSHOTS=1</c> writes the file anew.</summary>
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
        $"{(type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class")} {type.FullName} : {type.BaseType}";

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors().Length > 0,
            _ => false,
        })
        .Select(member => $"    {member}");

    private static string Folder([CallerFilePath] string file = "")
    {
        var beside = Path.GetDirectoryName(file)!;
        return File.Exists(Path.Combine(beside, "PublicApi.txt")) ? beside : AppContext.BaseDirectory;
    }
}
