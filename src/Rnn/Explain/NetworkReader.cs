using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// A trained network that reads character by character, in double precision whatever it was trained in. All that the explanations ask of a network stands
/// here: states by layer and unit.
/// </summary>
internal sealed class NetworkReader : IDisposable
{
    private readonly Network<double> _network;
    private readonly double[] _logits;

    /// <summary>A network with the weights of a file; h = 0.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="chunkLength">The most characters that <see cref="ReadChunk"/> takes.</param>
    public NetworkReader(ModelFile model, int chunkLength = 1)
    {
        _network = Network<double>.Create(model.Shape, chunkLength);
        _network.Load(model.Weights<double>());
        _logits = new double[model.Shape.VocabularySize];
        var (shape, states) = (model.Shape, model.Shape.Cell.States.Count);
        Layers = [.. Enumerable.Range(0, shape.Layers).Select(layer => new StateLayer(shape.Layers == 1 ? "h" : $"h of layer {layer + 1}", layer * states * shape.HiddenSize, shape.HiddenSize))];
        StateSize = shape.StateSize;
        Cost = shape.ParameterCount;
    }

    /// <summary>How many numbers the state has that is carried from character to character.</summary>
    public int StateSize { get; }

    /// <summary>Which of these are whose: the part of each layer that the next one reads.</summary>
    public IReadOnlyList<StateLayer> Layers { get; }

    /// <summary>Multiplications to read a character.</summary>
    public double Cost { get; }

    /// <summary>Reads a character; the state moves on.</summary>
    public void Read(int character) => _network.Step(character, _logits);

    /// <summary>Reads a chunk; the state moves on.</summary>
    /// <param name="characters">The characters, and the one that follows the last.</param>
    /// <returns>The loss of all but the first of them, summed, in nats.</returns>
    public double ReadChunk(ReadOnlySpan<int> characters)
    {
        var loss = _network.Forward(characters[..^1], characters[1..]);
        _network.CarryHidden();
        return loss;
    }

    /// <summary>The loss -log p of what follows the character that was read last, in nats.</summary>
    public double Loss(int following)
    {
        var greatest = double.NegativeInfinity;
        foreach (var logit in _logits)
        {
            greatest = Math.Max(greatest, logit);
        }

        double sum = 0;
        foreach (var logit in _logits)
        {
            sum += Math.Exp(logit - greatest);
        }

        return greatest + Math.Log(sum) - _logits[following];
    }

    /// <summary>The state is zero: a text begins.</summary>
    public void Reset() => _network.ResetHidden();

    /// <summary>Copies the state.</summary>
    /// <param name="state">StateSize elements, written.</param>
    public void CopyState(Span<double> state) => _network.CopyHidden(state);

    /// <summary>Sets the state.</summary>
    /// <param name="state">StateSize elements.</param>
    public void SetState(ReadOnlySpan<double> state) => _network.SetHidden(state);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
