namespace CharRnn.Rnn.Cells;

/// <summary>
/// The gated recurrent unit of Cho et al., EMNLP 2014, with the reset gate after the product, as PyTorch, cuDNN and ONNX
/// (linear_before_reset) have it.
/// </summary>
[RecurrentCell]
public sealed partial class Gru
{
    Matrix Wr, Wz, Wn, Ur, Uz, Un;
    Vector br, bz, bn, cn;

    Vector Step(Vector h, Vector x)
    {
        var r = Sigmoid(Wr * h + Ur * x + br);
        var z = Sigmoid(Wz * h + Uz * x + bz);
        var n = Tanh(Un * x + bn + r * (Wn * h + cn));
        return (1 - z) * n + z * h;
    }
}
