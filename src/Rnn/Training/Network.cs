using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;

namespace CharRnn.Rnn.Training;

/// <summary>
/// A network in training: its parameters, the optimiser's slots and one chunk's states. A chunk is T time steps of every stream; its
/// characters stand in the order of time steps, the streams of one time step side by side.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public abstract class Network<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    protected Network(NetworkShape shape, int sequenceLength, NetworkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.HiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.VocabularySize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Streams, 1, nameof(options));
        (Shape, SequenceLength, Options) = (shape, sequenceLength, options);
    }

    /// <summary>The cell and its sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The most time steps in a chunk.</summary>
    public int SequenceLength { get; }

    /// <summary>How it is trained.</summary>
    public NetworkOptions Options { get; }

    /// <summary>For messages: which kernels it runs on.</summary>
    public abstract string KernelName { get; }

    /// <summary>The register form of those kernels: Vector512, Vector256, Vector128 or Scalar.</summary>
    public abstract string InstructionSet { get; }

    /// <summary>How many numbers the state of all streams has: for each stream, each layer and each of the cell's states, m.</summary>
    public int StateSize => Options.Streams * Shape.StateSize;

    /// <summary>Updates done; Adam's corrections depend on it.</summary>
    public long Updates { get; set; }

    /// <summary>A network with all parameters zero, on the best kernels for it.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="sequenceLength">The most time steps in a chunk.</param>
    /// <param name="options">How it is trained; null for the exercise of the textbooks.</param>
    /// <param name="kernels">The kernels to run on, where it is one vanilla layer and one stream; null takes the best.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="OutOfMemoryException">The system does not give the memory.</exception>
    public static Network<T> Create(NetworkShape shape, int sequenceLength, NetworkOptions? options = null, RecurrentKernels<T>? kernels = null)
    {
        options ??= NetworkOptions.Default;
        return VanillaNetwork<T>.IsFor(shape, options) ? new VanillaNetwork<T>(shape, sequenceLength, kernels, options) : new LayeredNetwork<T>(shape, sequenceLength, options);
    }

    /// <summary>Runs a chunk from the carried state. Nothing but the chunk's own states and logits changes.</summary>
    /// <param name="x">The characters read, at most <see cref="SequenceLength"/> for each stream.</param>
    /// <param name="y">The characters to predict, as many.</param>
    /// <returns>
    /// The loss under the weights as they are, in nats: -log p_t[y_t] summed over the time steps, or its mean over them, and the mean over
    /// the streams.
    /// </returns>
    /// <exception cref="ArgumentException">The chunk is empty or too long, x and y differ in length, or an index is not below K.</exception>
    public abstract double Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y);

    /// <summary>Backpropagates the last chunk through time, clips the gradients, applies the optimiser's rule and carries the state.</summary>
    /// <param name="eta">The learning rate.</param>
    /// <param name="clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
    /// <exception cref="InvalidOperationException">There is no chunk to backpropagate.</exception>
    public abstract void BackwardAndUpdate(double eta, double clip);

    /// <summary>The state of the next chunk is the last of this one; an update does it by itself.</summary>
    public abstract void CarryHidden();

    /// <summary>The state of the next chunk is zero: the text starts anew.</summary>
    public abstract void ResetHidden();

    /// <summary>The state that the next chunk starts from.</summary>
    /// <param name="destination"><see cref="StateSize"/> elements, written: stream by stream, layer by layer, state by state.</param>
    public abstract void CopyHidden(Span<T> destination);

    /// <summary>The last layer's first state h_t within the last chunk, of the first stream, as the forward pass left it; an update leaves it there.</summary>
    /// <param name="step">t, from 1 to the chunk's length.</param>
    /// <returns>m elements.</returns>
    public abstract ReadOnlySpan<T> StateAfter(int step);

    /// <summary>Sets the state that the next chunk starts from.</summary>
    /// <param name="source"><see cref="StateSize"/> elements.</param>
    /// <exception cref="ArgumentException">There are not as many elements.</exception>
    public abstract void SetHidden(ReadOnlySpan<T> source);

    /// <summary>Reads one character and carries the state: what sampling does at each step, on a network of one stream.</summary>
    /// <param name="x">The character's index.</param>
    /// <param name="logits">K elements, written: the next character's logits. Empty where only the state is wanted.</param>
    /// <exception cref="ArgumentException">The index is not below K, or the span is shorter than K.</exception>
    public abstract void Step(int x, Span<T> logits);

    /// <summary>Takes over weights and the optimiser's slots.</summary>
    /// <param name="weights">The parameters; copied.</param>
    /// <param name="slots">The slots in the order of the optimiser's rule, or none for zero; copied.</param>
    /// <exception cref="ArgumentException">The shape differs from this network's.</exception>
    public abstract void Load(NetworkWeights<T> weights, params IReadOnlyList<NetworkWeights<T>>? slots);

    /// <summary>The parameters, copied into plain row-major arrays.</summary>
    public NetworkWeights<T> ExportWeights()
    {
        var weights = new NetworkWeights<T>(Shape);
        ExportWeights(weights);
        return weights;
    }

    /// <summary>Copies the parameters into arrays that are there already.</summary>
    /// <param name="weights">Of this network's shape; overwritten.</param>
    public abstract void ExportWeights(NetworkWeights<T> weights);

    /// <summary>The optimiser's slots, copied into plain row-major arrays, in the order of its rule.</summary>
    public IReadOnlyList<NetworkWeights<T>> ExportSlots()
    {
        NetworkWeights<T>[] slots = [.. BuiltInRules.Create(Options.Optimizer).Slots.Select(_ => new NetworkWeights<T>(Shape))];
        ExportSlots(slots);
        return slots;
    }

    /// <summary>Copies the optimiser's slots into arrays that are there already.</summary>
    /// <param name="slots">As many as the rule has, of this network's shape; overwritten.</param>
    public abstract void ExportSlots(IReadOnlyList<NetworkWeights<T>> slots);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>From sums over all rows of a chunk to what is asked for: the mean over streams, and over time steps where the loss is a mean.</summary>
    /// <param name="steps">The chunk's time steps.</param>
    private protected double LossScale(int steps) => 1.0 / (Options.Streams * (double)(Options.MeanLoss ? steps : 1));

    /// <summary>What the gradients' sums are multiplied with: <see cref="LossScale"/>, and less where their norm would be over the limit.</summary>
    /// <param name="steps">The chunk's time steps.</param>
    /// <param name="sumOfSquares">Of all gradients as they were summed; asked for only where there is a limit.</param>
    private protected double GradientScale(int steps, Func<double> sumOfSquares)
    {
        var scale = LossScale(steps);
        if (double.IsPositiveInfinity(Options.ClipNorm))
        {
            return scale;
        }

        var norm = scale * Math.Sqrt(sumOfSquares());
        return norm > Options.ClipNorm ? scale * (Options.ClipNorm / norm) : scale;
    }

    /// <summary>The numbers of the optimiser's rule for the update that <see cref="Updates"/> counts.</summary>
    private protected T[] RuleNumbers(OptimizerRule rule, double eta) =>
        Array.ConvertAll(rule.Numbers(new(eta, Options.Beta1, Options.Beta2, Options.Epsilon), Updates), T.CreateChecked);
}
