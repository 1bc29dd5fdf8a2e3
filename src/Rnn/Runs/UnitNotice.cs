using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Runs;

/// <summary>That over half of a network's units are lost while it trains.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Step">After which update that was seen.</param>
/// <param name="Units">What the units do.</param>
/// <param name="SuggestedEta">The learning rate to try in a new run; null where the weights were not drawn, so that the first update is not what did it.</param>
public sealed record UnitNotice(string Folder, long Step, UnitCensus Units, double? SuggestedEta);
