using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Explain;

/// <summary>What a run's weights and records say about why it went as it did: figures only. What could not be found is null or empty.</summary>
public sealed record RunExplanation
{
    /// <summary>The update whose weights were looked at: those of the lowest smooth loss.</summary>
    public required long Step { get; init; }

    /// <summary>m.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Characters a chunk.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>Characters of the text that was trained on.</summary>
    public required long TextLength { get; init; }

    /// <summary>How many characters the units were watched over, after those that only warmed the state up.</summary>
    public required int CharactersWatched { get; init; }

    /// <summary>The units of each layer.</summary>
    public required IReadOnlyList<LayerHealth> Layers { get; init; }

    /// <summary>The gates; none where the cell has none.</summary>
    public IReadOnlyList<GateTrace> Gates { get; init; } = [];

    /// <summary>How far back the network looks.</summary>
    public MemoryCurve? Memory { get; init; }

    /// <summary>How the gradient's norm changes on its way back.</summary>
    public GradientReach? Gradient { get; init; }

    /// <summary>The loss along the text with weights that do not change.</summary>
    public LossByPosition? ByPosition { get; init; }

    /// <summary>What zeroing h at an epoch's start costs.</summary>
    public EpochStart? EpochStart { get; init; }

    /// <summary>The smooth loss of the last epochs along the text, the oldest first.</summary>
    public IReadOnlyList<EpochCurve> Epochs { get; init; } = [];

    /// <summary>How alike the last complete epoch's smooth loss is to the one before, by position in the text; null where there are no two.</summary>
    public double? EpochsAlike { get; init; }

    /// <summary>How alike the last complete epoch's smooth loss is to that of unchanging weights; null where there is none.</summary>
    public double? TextAlike { get; init; }

    /// <summary>How much the smooth loss rises after an epoch's start, on average over the epochs after the first, in nats a chunk; null where there are none.</summary>
    public double? RiseAfterEpochStart { get; init; }

    /// <summary>What the first update did; null where the weights came from a file, the cell is another than vanilla or the optimiser another than AdaGrad.</summary>
    public FirstUpdate? FirstUpdate { get; init; }

    /// <summary>
    /// The learning rate to try: where over half of a layer's units are lost by themselves, and AdaGrad's first update did move nearly every weight of W
    /// by eta. Null where that is not what happened.
    /// </summary>
    public double? SuggestedEta => Layers.Any(layer => 2 * layer.LostByItself > layer.Census.Units.Count) && FirstUpdate is { MovedByEta: > 0.5 } first
        ? LearningRateAdvice.Try(first.Eta, HiddenSize) : null;
}
