namespace CharRnn.Rnn.Model;

/// <summary>
/// The parameters of a network of one vanilla layer by their letters: a_t = W h_{t-1} + U x_t + b, h_t = tanh(a_t), o_t = V h_t + c,
/// p_t = softmax(o_t). The arrays are those of the network's weights.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="W">Hidden to hidden, [m, m].</param>
/// <param name="U">Input to hidden, [m, K]; a one-hot input selects a column.</param>
/// <param name="V">Hidden to logits, [K, m].</param>
/// <param name="b">The hidden bias, [m].</param>
/// <param name="c">The logits' bias, [K].</param>
#pragma warning disable IDE1006 // the model's own letters
public readonly record struct VanillaTensors<T>(T[] W, T[] U, T[] V, T[] b, T[] c);
#pragma warning restore IDE1006
