namespace CharRnn.Rnn.Reports.HiddenUnits;

/// <summary>What the hidden units did while the network read the text.</summary>
/// <param name="Passage">The stretch that is shown.</param>
/// <param name="Findings">The unit that follows each property best, over all that was read.</param>
/// <param name="CharactersRead">How many characters the findings rest on.</param>
public sealed record HiddenUnitReport(ActivationMap Passage, IReadOnlyList<UnitFinding> Findings, int CharactersRead)
{
    private const int MostRows = 160;

    /// <summary>Properties that all of the characters read have, or none.</summary>
    public IReadOnlyList<string> Missing => [.. TextProperty.All.Select(property => property.Name).Except(Findings.Select(finding => finding.Property))];

    /// <summary>
    /// The units in the order in which the heat map shows them: those of the findings first, then the others so that
    /// neighbours behave alike (each followed by the one most correlated with it), the ones that never move left out
    /// where there are too many.
    /// </summary>
    public IReadOnlyList<int> Rows()
    {
        var rows = new List<int>(Findings.Select(finding => finding.Unit).Distinct());
        var rest = Enumerable.Range(0, Passage.HiddenSize).Except(rows)
            .OrderByDescending(Variance).Take(Math.Max(0, MostRows - rows.Count)).ToList();
        if (rest.Count == 0)
        {
            return rows;
        }

        var current = rows.Count > 0 ? rows[^1] : rest[0];
        while (rest.Count > 0)
        {
            var nearest = rest.MaxBy(unit => Likeness(current, unit));
            rest.Remove(nearest);
            rows.Add(nearest);
            current = nearest;
        }

        return rows;
    }

    private double Variance(int unit)
    {
        double sum = 0, squares = 0;
        for (var t = 0; t < Passage.Characters.Count; t++)
        {
            sum += Passage[t, unit];
            squares += (double)Passage[t, unit] * Passage[t, unit];
        }

        return squares / Passage.Characters.Count - sum / Passage.Characters.Count * (sum / Passage.Characters.Count);
    }

    private double Likeness(int left, int right)
    {
        double product = 0;
        for (var t = 0; t < Passage.Characters.Count; t++)
        {
            product += (double)Passage[t, left] * Passage[t, right];
        }

        return product;
    }
}
