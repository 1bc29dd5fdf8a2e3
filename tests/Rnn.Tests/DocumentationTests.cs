using System.Text.RegularExpressions;

namespace CharRnn.Rnn.Tests;

/// <summary>What the pages say of the code is there: they would go stale in silence.</summary>
public sealed partial class DocumentationTests
{
    internal static readonly string Root = FindRoot();

    /// <summary>Each promise of docs/reliability.md names a test, and the test exists.</summary>
    [Fact]
    public void Every_promise_of_reliability_names_a_test_that_exists()
    {
        string[] sources = [.. Directory.GetFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))];
        string[][] rows = [.. Section("reliability.md", "Promises").Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|').Split('|'))];
        Assert.True(rows.Length > 30);
        foreach (var row in rows)
        {
            Assert.True(row.Length == 2, string.Join('|', row));
            string? className = null;
            foreach (Match name in InBackticks().Matches(row[1]))
            {
                var parts = name.Groups[1].Value.Split('.');
                if (parts.Length == 2 || className is null)
                {
                    className = parts[0];
                }

                // Two test projects may have a class of one name.
                var classes = sources.Where(path => Path.GetFileName(path) == $"{className}.cs").ToArray();
                Assert.True(classes.Length > 0, $"{row[0].Trim()}: there is no {className}");
                var method = parts.Length == 2 ? parts[1] : parts[0] == className ? null : parts[0];
                if (method is not null)
                {
                    Assert.True(classes.Any(source => Regex.IsMatch(File.ReadAllText(source), $@"(Fact|Theory)(\([^\r\n]*\))?\]\s*(\[[^\r\n]*\][^\r\n]*\s*)*public (async )?(unsafe )?(void|Task) {method}\(")), $"{row[0].Trim()}: {className} has no test {method}");
                }
            }

            Assert.True(className is not null, $"{row[0].Trim()}: no test is named");
        }
    }

    /// <summary>The files and folders that a page on the generators sends a reader to are there, and so are the tests.</summary>
    [Theory]
    [InlineData("kernels.md")]
    [InlineData("cells.md")]
    public void What_a_page_on_the_generators_names_exists(string file)
    {
        string[] names = [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)).Select(path => Path.GetFileNameWithoutExtension(path))];
        var page = CodeBlock().Replace(File.ReadAllText(Path.Combine(Root, "docs", file)), string.Empty);
        string[] types = [.. InBackticks().Matches(page).Select(match => match.Groups[1].Value).Where(name => TypeName().IsMatch(name) && name is not ("AggressiveOptimization" or "WriteBody" or "Step" or "Begin" or "Description" or "RowStride")).Select(name => name.Split('.')[0]).Distinct()];
        Assert.True(types.Length > 15);
        // The operations and the attributes of the same name share a word with no file of its own.
        Assert.All(types, type => Assert.True(names.Contains(type) || names.Contains(type + "Attribute"), type));
        Assert.All(InBackticks().Matches(page).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("src/", StringComparison.Ordinal) || name.StartsWith("tests/", StringComparison.Ordinal)),
            path => Assert.True(Path.Exists(Path.Combine(Root, path)), path));
    }

    /// <summary>Nothing that a run does with files goes past the interface behind which the tests put their failures.</summary>
    [Fact]
    public void The_files_of_a_run_are_touched_through_one_interface()
    {
        string[] sources = [.. ((string[])["Checkpoints", "Runs", "TensorBoard"]).SelectMany(folder => Directory.GetFiles(Path.Combine(Root, "src", "Rnn", folder), "*.cs")).Where(path => Path.GetFileName(path) != "PhysicalFileSystem.cs")];
        Assert.True(sources.Length > 20);
        Assert.All(sources, path => Assert.DoesNotMatch(FileAccess(), File.ReadAllText(path)));
    }

    /// <summary>What the console's own streams do to a terminal, and where one is missing, is kept away by the two classes that stand before them.</summary>
    [Fact]
    public void The_console_is_touched_in_two_classes_alone()
    {
        string[] sources = [.. Directory.GetFiles(Path.Combine(Root, "src", "AotCli"), "*.cs", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) is not ("Terminal.cs" or "StandardError.cs"))];
        Assert.True(sources.Length > 50);
        Assert.All(sources, path => Assert.DoesNotMatch(ConsoleAccess(), File.ReadAllText(path)));
    }

    private static string[] Section(string page, string heading) =>
        File.ReadAllText(Path.Combine(Root, "docs", page)).Split($"## {heading}\n")[1].Split("\n## ")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CharRnn.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\b(File|Directory)\.[A-Z]|\b(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter)\b")]
    private static partial Regex FileAccess();

    [GeneratedRegex(@"\bConsole\.[A-Z]")]
    private static partial Regex ConsoleAccess();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InBackticks();

    [GeneratedRegex("^[A-Z][A-Za-z]+[a-z][A-Za-z]*(\\.[A-Z][A-Za-z]+)?$")]
    private static partial Regex TypeName();
}
