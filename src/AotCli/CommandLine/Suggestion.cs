namespace CharRnn.AotCli.CommandLine;

/// <summary>The name that a mistyped word was probably meant to be.</summary>
public static class Suggestion
{
    /// <summary>The nearest of the names, or null where none is near enough to be worth naming.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">What could have been typed.</param>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        string? best = null;
        // A third of the word may be wrong; in "-x" that is nothing.
        var bestDistance = 1 + Math.Max(1, word.TrimStart('-').Length / 3);
        foreach (var name in names)
        {
            var distance = name.StartsWith(word, StringComparison.Ordinal) && word.TrimStart('-').Length >= 3 ? 1 : Distance(word, name);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>The number of letters inserted, deleted, replaced or swapped with a neighbour (optimal string alignment).</summary>
    public static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            cost[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[from.Length, to.Length];
    }
}
