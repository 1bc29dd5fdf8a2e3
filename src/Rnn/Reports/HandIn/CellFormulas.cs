using System.Text.RegularExpressions;
using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>A cell's equations as formulas, from the statements of its source: what is assigned and each state get their time step.</summary>
internal static partial class CellFormulas
{
    /// <summary>One formula for each statement, and for each state that is returned.</summary>
    /// <param name="cell">The cell.</param>
    public static IEnumerable<string> Of(CellDescription cell)
    {
        // What has been assigned is of this time step; a state that has not is still that of the step before.
        var assigned = new HashSet<string> { "x" };
        foreach (var equation in cell.Equations)
        {
            if (Returned().Match(equation) is { Success: true } returned)
            {
                var values = cell.States.Count == 1 ? [returned.Groups[1].Value] : Parts(returned.Groups[1].Value);
                foreach (var (state, value) in cell.States.Zip(values))
                {
                    if (value != state)
                    {
                        yield return $"{state}_t = {Formula(value)}";
                    }
                }
            }
            else if (Assignment().Match(equation) is { Success: true } assignment)
            {
                var name = assignment.Groups[1].Value;
                var formula = Formula(assignment.Groups[2].Value);
                assigned.Add(name);
                yield return $"{Indexed(name, "t")} = {formula}";
            }
        }

        string Formula(string expression)
        {
            var before = string.Empty;
            return string.Concat(Token().Matches(expression).Select(match =>
            {
                var (token, previous) = (match.Value, before);
                before = token.Trim().Length == 0 ? before : token;
                return token switch
                {
                    "Tanh" => "\\tanh",
                    "Sigmoid" => "\\sigma",
                    // A matrix or a number times a vector needs no sign; two vectors are multiplied by element.
                    "*" => IsMatrix(previous) || char.IsAsciiDigit(previous[0]) ? string.Empty : "\\odot",
                    _ when !char.IsAsciiLetter(token[0]) => token,
                    _ when cell.Parameters.Any(parameter => parameter.Name == token) => Indexed(token, string.Empty),
                    _ => Indexed(token, assigned.Contains(token) ? "t" : "t-1"),
                };
            })).Replace("  ", " ");
        }

        bool IsMatrix(string name) => cell.Parameters.Any(parameter => parameter.Name == name && parameter.Kind != CellParameterKind.Vector);
    }

    /// <summary>A name's first letter, the rest of it and the time step below.</summary>
    private static string Indexed(string name, string time)
    {
        var below = name[1..] + (name.Length > 1 && time.Length > 0 ? "," : string.Empty) + time;
        return below.Length == 0 ? name : below.Length == 1 ? $"{name[0]}_{below}" : $"{name[0]}_{{{below}}}";
    }

    /// <summary>The parts of (a, b).</summary>
    private static string[] Parts(string tuple)
    {
        var (depth, comma) = (0, 0);
        for (var i = 1; i < tuple.Length - 1; i++)
        {
            depth += tuple[i] switch { '(' => 1, ')' => -1, _ => 0 };
            comma = tuple[i] == ',' && depth == 0 ? i : comma;
        }

        return [tuple[1..comma].Trim(), tuple[(comma + 1)..^1].Trim()];
    }

    [GeneratedRegex(@"^return (.*);$", RegexOptions.Singleline)]
    private static partial Regex Returned();

    [GeneratedRegex(@"^(?:\w+ )?(\w+) = (.*);$", RegexOptions.Singleline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"[A-Za-z]\w*|[0-9.]+|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
