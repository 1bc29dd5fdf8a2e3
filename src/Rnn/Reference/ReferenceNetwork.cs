using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using Vector = CharRnn.Rnn.Cells.Vector;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// The network in plain loops: the cell's own equations run as they are written, over numbers of any type, and the gradient by a tape
/// of what was computed. It is the truth that every kernel is tested against, and shares nothing with the generator.
/// For speed take <see cref="Training.Network{T}"/>.
/// </summary>
/// <typeparam name="T">float, double or <see cref="Noisy"/>.</typeparam>
/// <param name="weights">The parameters; kept, not copied: <see cref="Update"/> changes them.</param>
public sealed class ReferenceNetwork<T>(ReferenceParameters<T> weights)
    where T : struct,
        IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>,
        IComparisonOperators<T, T, bool>
{
    private readonly int _m = weights.Shape.HiddenSize;
    private readonly int _k = weights.Shape.VocabularySize;
    private int[] _x = [];
    private int[] _y = [];
    private Tape<T> _tape = new();
    private TapeVector<T>[] _initial = [];
    private TapeVector<T>[] _final = [];
    private TapeVector<T>[] _biases = [];
    private TapeVector<T>[] _logits = [];
    private int _updates;

    /// <summary>The cell and its sizes.</summary>
    public NetworkShape Shape => Weights.Shape;

    /// <summary>The parameters.</summary>
    public ReferenceParameters<T> Weights { get; } = weights;

    /// <summary>Whether the loss and its gradients are the mean over the chunk; the sum unless it is said.</summary>
    public bool IsMean { get; init; }

    /// <summary>Dropout: what the output of a layer is multiplied with, by layer, time step and unit, each from 0. Null for none.</summary>
    public Func<int, int, int, double>? Dropout { get; init; }

    /// <summary>The loss's gradients, not clipped; written by <see cref="Backward"/>.</summary>
    public ReferenceParameters<T> Gradients { get; } = new(weights.Shape);

    /// <summary>AdaGrad's sums of squared gradients; written by <see cref="Update"/>.</summary>
    public ReferenceParameters<T> AdagradSums { get; } = new(weights.Shape);

    /// <summary>Adam's means of the gradients and of their squares; written by <see cref="UpdateAdam"/>.</summary>
    public (ReferenceParameters<T> First, ReferenceParameters<T> Second) AdamMeans { get; } = (new(weights.Shape), new(weights.Shape));

    /// <summary>The states before the chunk, [layers, states of the cell, m].</summary>
    public T[] InitialState { get; } = new T[weights.Shape.StateSize];

    /// <summary>The states after the chunk, laid out as <see cref="InitialState"/>.</summary>
    public T[] FinalState { get; private set; } = new T[weights.Shape.StateSize];

    /// <summary>The last layer's first state, [T + 1] rows of m: row 0 is what the chunk begins with, and row t is h_t.</summary>
    public T[][] h { get; private set; } = [];

    /// <summary>The logits, [T] rows of K: row t - 1 is o_t.</summary>
    public T[][] o { get; private set; } = [];

    /// <summary>The probabilities, [T] rows of K: row t - 1 is p_t.</summary>
    public T[][] p { get; private set; } = [];

    /// <summary>The loss's gradient in <see cref="InitialState"/>: what a chunk hands back to the one before it. Written by <see cref="Backward"/>.</summary>
    public T[] InitialHiddenGradient { get; private set; } = new T[weights.Shape.StateSize];

    /// <summary>A network on a copy of a network's weights, rounded to this number type.</summary>
    public static ReferenceNetwork<T> From<TWeight>(NetworkWeights<TWeight> weights)
        where TWeight : unmanaged, IBinaryFloatingPointIeee754<TWeight> => new(ReferenceParameters<T>.From(weights));

    /// <summary>Sets the states that a chunk begins with.</summary>
    /// <param name="source">As many as <see cref="NetworkShape.StateSize"/>.</param>
    public void SetHidden(ReadOnlySpan<T> source) => source.CopyTo(InitialState);

    /// <summary>The next chunk begins with the last states of this one.</summary>
    public void CarryHidden() => FinalState.CopyTo(InitialState, 0);

    /// <summary>Runs a chunk from <see cref="InitialState"/>.</summary>
    /// <param name="x">T indices of the characters read, each below K.</param>
    /// <param name="y">T indices of the characters to predict.</param>
    /// <returns>The loss -sum_t log p_t[y_t], or its mean, in nats.</returns>
    /// <exception cref="ArgumentException">x and y differ in length.</exception>
    public T Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        if (y.Length != x.Length)
        {
            throw new ArgumentException($"A chunk has as many characters to predict as to read; this has {x.Length} and {y.Length}.");
        }

        (_x, _y, _tape) = (x.ToArray(), y.ToArray(), new());
        var (outputs, hidden) = RunLayers();
        h = [InitialState.AsSpan((Shape.Layers - 1) * Shape.Cell.States.Count * _m, _m).ToArray(), .. hidden.Select(vector => ((TapeVector<T>)vector).Values)];
        o = new T[x.Length][];
        p = new T[x.Length][];
        _logits = outputs;
        var loss = default(T);
        for (var t = 0; t < y.Length; t++)
        {
            (o[t], p[t]) = (outputs[t].Values, new T[_k]);
            loss += LogSumExp(o[t], p[t]) - o[t][y[t]];
        }

        return IsMean ? loss / RealFunctions.FromDouble<T>(x.Length) : loss;
    }

    /// <summary>What a gate was in the last <see cref="Forward"/>.</summary>
    /// <param name="gate">One of the cell's.</param>
    /// <param name="layer">Of which layer, from 0.</param>
    /// <param name="step">At which time step, from 0.</param>
    /// <returns>m elements, from 0 (shut) to 1 (open).</returns>
    public ReadOnlySpan<T> Gate(CellGate gate, int layer, int step)
    {
        var steps = Shape.Layers * _x.Length;
        return _tape.Sigmoids[(((layer * _x.Length) + step) * (_tape.Sigmoids.Count / steps)) + gate.Call].Values;
    }

    /// <summary>The gradients of the last <see cref="Forward"/>; that of the logits is p_t - onehot(y_t).</summary>
    /// <param name="laterHiddenGradient">
    /// What the chunk after this one hands back: its loss's gradient in <see cref="FinalState"/>. Empty for truncated backpropagation, as in training.
    /// </param>
    public void Backward(ReadOnlySpan<T> laterHiddenGradient = default)
    {
        var one = RealFunctions.FromDouble<T>(1);
        BackwardFrom(t =>
        {
            var g = (T[])p[t].Clone();
            g[_y[t]] -= one;
            return g;
        }, laterHiddenGradient);
    }

    /// <summary>The same from any gradients of the logits.</summary>
    /// <param name="logitGradient">K elements for a time step from 0.</param>
    /// <param name="laterHiddenGradient">As above.</param>
    internal void BackwardFrom(Func<int, T[]> logitGradient, ReadOnlySpan<T> laterHiddenGradient = default)
    {
        Gradients.Clear();
        _tape.ClearGradients();
        var count = RealFunctions.FromDouble<T>(_x.Length);
        for (var t = 0; t < _x.Length; t++)
        {
            var g = logitGradient(t);
            for (var i = 0; i < _k; i++)
            {
                _logits[t].Gradient[i] += IsMean ? g[i] / count : g[i];
            }
        }

        for (var i = 0; i < laterHiddenGradient.Length; i++)
        {
            _final[i / _m].Gradient[i % _m] += laterHiddenGradient[i];
        }

        _tape.Backward();
        foreach (var (tensor, place) in Gradients.Tensors.Select((tensor, place) => (tensor, place)).Where(pair => pair.tensor.Shape.Length == 1))
        {
            _biases[place].Gradient.CopyTo(tensor.Values, 0);
        }

        InitialHiddenGradient = [.. _initial.SelectMany(vector => vector.Gradient)];
    }

    /// <summary>Clips each element of a copy of the gradients and applies AdaGrad: G += g g; theta -= eta g / sqrt(G + 1e-8).</summary>
    /// <param name="eta">The learning rate.</param>
    /// <param name="clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
    public void Update(double eta, double clip)
    {
        var (rate, most, epsilon) = (RealFunctions.FromDouble<T>(eta), RealFunctions.FromDouble<T>(clip), RealFunctions.FromDouble<T>(1e-8));
        foreach (var ((weight, gradient), sum) in Weights.Tensors.Zip(Gradients.Tensors).Zip(AdagradSums.Tensors))
        {
            for (var i = 0; i < weight.Values.Length; i++)
            {
                var g = gradient.Values[i];
                g = g > most ? most : g < -most ? -most : g;
                sum.Values[i] += g * g;
                weight.Values[i] -= rate * g / RealFunctions.Sqrt(sum.Values[i] + epsilon);
            }
        }
    }

    /// <summary>
    /// Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g g; theta -= eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon),
    /// where t counts updates from 1. Source: Kingma, Ba, ICLR 2015, algorithm 1.
    /// </summary>
    /// <param name="eta">The learning rate.</param>
    /// <param name="beta1">How much of the mean stays.</param>
    /// <param name="beta2">How much of the mean of squares stays.</param>
    /// <param name="epsilon">Added to the root.</param>
    public void UpdateAdam(double eta, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        _updates++;
        var (keep1, keep2) = (RealFunctions.FromDouble<T>(beta1), RealFunctions.FromDouble<T>(beta2));
        var (add1, add2) = (RealFunctions.FromDouble<T>(1 - beta1), RealFunctions.FromDouble<T>(1 - beta2));
        var (whole1, whole2) = (RealFunctions.FromDouble<T>(1 - Math.Pow(beta1, _updates)), RealFunctions.FromDouble<T>(1 - Math.Pow(beta2, _updates)));
        var (rate, small) = (RealFunctions.FromDouble<T>(eta), RealFunctions.FromDouble<T>(epsilon));
        for (var place = 0; place < Weights.Tensors.Count; place++)
        {
            var (weight, g) = (Weights.Tensors[place].Values, Gradients.Tensors[place].Values);
            var (mean, square) = (AdamMeans.First.Tensors[place].Values, AdamMeans.Second.Tensors[place].Values);
            for (var i = 0; i < weight.Length; i++)
            {
                mean[i] = (keep1 * mean[i]) + (add1 * g[i]);
                square[i] = (keep2 * square[i]) + (add2 * g[i] * g[i]);
                weight[i] -= rate * (mean[i] / whole1) / (RealFunctions.Sqrt(square[i] / whole2) + small);
            }
        }
    }

    /// <summary>log sum_k exp(o_k), and the probabilities; the largest logit is taken out, so that nothing overflows.</summary>
    private static T LogSumExp(T[] o, T[] p)
    {
        var largest = RealFunctions.FromDouble<T>(o.Max(RealFunctions.ToDouble));
        var sum = default(T);
        for (var i = 0; i < o.Length; i++)
        {
            p[i] = RealFunctions.Exp(o[i] - largest);
            sum += p[i];
        }

        for (var i = 0; i < o.Length; i++)
        {
            p[i] /= sum;
        }

        return RealFunctions.Log(sum) + largest;
    }

    private (TapeVector<T>[] Logits, Vector[] Hidden) RunLayers()
    {
        var states = Shape.Cell.States.Count;
        _biases = [.. Weights.Tensors.Select(tensor => new TapeVector<T>(_tape, tensor.Values))];
        _initial = [.. Enumerable.Range(0, Shape.Layers * states).Select(i => new TapeVector<T>(_tape, InitialState.AsSpan(i * _m, _m).ToArray()))];
        var network = new CellLayers(
            Shape,
            place => new TapeMatrix<T>(Weights.Tensors[place].Values, Gradients.Tensors[place].Values, Weights.Tensors[place].Shape[0]),
            place => _biases[place]);
        var between = Array.ConvertAll(_x, Character);
        Vector[] hidden = [];
        var final = new List<TapeVector<T>>();
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            (between, hidden, var last) = network.Layer(layer, between, [.. _initial.Skip(layer * states).Take(states)], Factors(layer));
            final.AddRange(last.Cast<TapeVector<T>>());
        }

        _final = [.. final];
        FinalState = [.. _final.SelectMany(vector => vector.Values)];
        return (Array.ConvertAll(between, output => (TapeVector<T>)network.Logits(output)), hidden);
    }

    private Vector Character(int character)
    {
        var values = new T[_k];
        values[character] = RealFunctions.FromDouble<T>(1);
        return new TapeVector<T>(_tape, values, character);
    }

    private Func<int, Vector>? Factors(int layer) => Dropout is null
        ? null
        : t => new TapeVector<T>(_tape, [.. Enumerable.Range(0, _m).Select(unit => RealFunctions.FromDouble<T>(Dropout(layer, t, unit)))]);
}
