using System.Numerics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>What an optimiser keeps for each weight.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
/// <param name="Optimizer">Its name.</param>
/// <param name="Slots">Its slots in the order of its rule.</param>
public sealed record OptimizerSlots<T>(string Optimizer, IReadOnlyList<NetworkWeights<T>> Slots)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
