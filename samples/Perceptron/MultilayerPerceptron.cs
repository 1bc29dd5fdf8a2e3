using CharRnn.Kernels;

namespace Perceptron;

/// <summary>A multilayer perceptron's forward pass: 40 inputs, 64 and 32 hidden units with rectifiers, 10 outputs. Weights are row-major, one row a unit.</summary>
internal sealed partial class MultilayerPerceptron
{
    public const int Inputs = 40;
    public const int Outputs = 10;
    public const int Batch = 8;
    private const int First = 64;
    private const int Second = 32;

    private readonly float[] _weights1;
    private readonly float[] _weights2;
    private readonly float[] _weights3;
    private readonly float[] _bias1 = new float[First];
    private readonly float[] _bias2 = new float[Second];
    private readonly float[] _bias3 = new float[Outputs];
    private readonly float[] _hidden1 = new float[Batch * First];
    private readonly float[] _hidden2 = new float[Batch * Second];

    public MultilayerPerceptron(int seed)
    {
        var random = new Random(seed);
        float[] Weights(int units, int inputs) => [.. Enumerable.Range(0, units * inputs).Select(_ => ((random.NextSingle() * 2) - 1) / MathF.Sqrt(inputs))];
        (_weights1, _weights2, _weights3) = (Weights(First, Inputs), Weights(Second, First), Weights(Outputs, Second));
        foreach (var bias in (float[][])[_bias1, _bias2, _bias3])
        {
            Array.Fill(bias, 0.1f);
        }
    }

    /// <summary>One input, 40 numbers, to 10 outputs. Allocates nothing.</summary>
    public void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        var hidden1 = _hidden1.AsSpan(0, First);
        var hidden2 = _hidden2.AsSpan(0, Second);
        _bias1.CopyTo(hidden1);
        Layer1(_weights1, input, hidden1);
        Rectify(hidden1);
        _bias2.CopyTo(hidden2);
        Layer2(_weights2, hidden1, hidden2);
        Rectify(hidden2);
        _bias3.CopyTo(output);
        Layer3(_weights3, hidden2, output);
    }

    /// <summary>Eight inputs as rows, [8, 40], to eight outputs as rows, [8, 10]: X W' a layer.</summary>
    public void ForwardBatch(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        Repeat(_bias1, _hidden1);
        BatchLayer1(inputs, _weights1, _hidden1);
        Rectify(_hidden1);
        Repeat(_bias2, _hidden2);
        BatchLayer2(_hidden1, _weights2, _hidden2);
        Rectify(_hidden2);
        Repeat(_bias3, outputs);
        BatchLayer3(_hidden2, _weights3, outputs);
    }

    [MatVec(First, Inputs, Accumulate = true)]
    private static partial void Layer1(ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Span<float> output);

    [MatVec(Second, First, Accumulate = true)]
    private static partial void Layer2(ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Span<float> output);

    [MatVec(Outputs, Second, Accumulate = true)]
    private static partial void Layer3(ReadOnlySpan<float> weights, ReadOnlySpan<float> input, Span<float> output);

    [MatMul(Batch, Inputs, First, TransposeRight = true, Accumulate = true)]
    private static partial void BatchLayer1(ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, Span<float> outputs);

    [MatMul(Batch, First, Second, TransposeRight = true, Accumulate = true)]
    private static partial void BatchLayer2(ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, Span<float> outputs);

    [MatMul(Batch, Second, Outputs, TransposeRight = true, Accumulate = true)]
    private static partial void BatchLayer3(ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights, Span<float> outputs);

    private static void Repeat(ReadOnlySpan<float> bias, Span<float> rows)
    {
        for (; rows.Length > 0; rows = rows[bias.Length..])
        {
            bias.CopyTo(rows);
        }
    }

    private static void Rectify(Span<float> values)
    {
        foreach (ref var value in values)
        {
            value = MathF.Max(value, 0);
        }
    }
}
