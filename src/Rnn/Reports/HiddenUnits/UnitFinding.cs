namespace CharRnn.Rnn.Reports.HiddenUnits;

/// <summary>The hidden unit that follows a property of the text most closely.</summary>
/// <param name="Property">The property, continuing "is the character ...".</param>
/// <param name="Unit">The unit's index in h, from 0.</param>
/// <param name="Correlation">Pearson's r of the unit's activation and the property (0 or 1), over all characters read; from -1 to 1.</param>
public sealed record UnitFinding(string Property, int Unit, double Correlation);
