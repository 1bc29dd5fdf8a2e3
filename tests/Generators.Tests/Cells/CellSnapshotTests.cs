using System.Text.RegularExpressions;
using CharRnn.Generators.Tests.Kernels;

namespace CharRnn.Generators.Tests.Cells;

/// <summary>
/// What the equations of an LSTM became, in the two register widths that most machines have, to be read in review.
/// <c>UPDATE_SNAPSHOTS=1 dotnet test tests/Generators.Tests</c> writes them anew.
/// </summary>
public sealed partial class CellSnapshotTests
{
    [Theory]
    [InlineData("Vector512")]
    [InlineData("Vector256")]
    public void The_emitted_LSTM_is_as_reviewed(string form) =>
        SnapshotTests.AssertSnapshot($"Lstm-{form}", CellCompilation.Emitted("Lstm", $"Lstm.Single{form}"));

    [Fact]
    public void What_surrounds_the_kernels_is_as_reviewed() =>
        SnapshotTests.AssertSnapshot("GruBefore", CellCompilation.Emitted("GruBefore", "GruBefore"));

    /// <summary>The blocks of docs/cells.md are what is emitted: the loops over the units.</summary>
    [Fact]
    public void The_page_on_cells_shows_what_is_emitted()
    {
        var path = Path.Combine(Root(), "docs", "cells.md");
        var page = File.ReadAllText(path);
        Assert.Equal(2, ShownBlock().Count(page));
        var emitted = CellCompilation.Emitted("Lstm", "Lstm.SingleVector512").Split('\n');
        var expected = ShownBlock().Replace(page, block => block.Groups["head"].Value + Loop(emitted, block.Groups["method"].Value) + "```");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    /// <summary>The loop over the units of a method, from the left margin.</summary>
    private static string Loop(string[] lines, string method)
    {
        var start = Array.FindIndex(lines, Array.FindIndex(lines, line => line.Contains($" static void {method}(", StringComparison.Ordinal)), line => line.Contains("for (nint unit", StringComparison.Ordinal));
        var margin = lines[start].Length - lines[start].TrimStart().Length;
        var end = Array.FindIndex(lines, start, line => line == new string(' ', margin) + "}");
        return string.Concat(lines[start..(end + 1)].Select(line => (line.Length > margin ? line[margin..] : string.Empty) + "\n"));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CharRnn.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("(?<head><!-- Lstm\\.SingleVector512: (?<method>\\w+) -->\n```csharp\n).*?```", RegexOptions.Singleline)]
    private static partial Regex ShownBlock();
}
