namespace CharRnn.Rnn.Explain;

/// <summary>The units of one layer within the state.</summary>
/// <param name="Name">As the cell calls its state, with the layer's number where there are several.</param>
/// <param name="First">The index of its first unit in the state.</param>
/// <param name="Units">How many it has.</param>
public sealed record StateLayer(string Name, int First, int Units);
