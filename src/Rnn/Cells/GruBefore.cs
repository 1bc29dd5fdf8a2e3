namespace CharRnn.Rnn.Cells;

/// <summary>The gated recurrent unit as Cho et al., EMNLP 2014, wrote it: the reset gate before the product.</summary>
[RecurrentCell(Name = "gru-before")]
public sealed partial class GruBefore
{
    Matrix Wr, Wz, Wn, Ur, Uz, Un;
    Vector br, bz, bn;

    Vector Step(Vector h, Vector x)
    {
        var r = Sigmoid(Wr * h + Ur * x + br);
        var z = Sigmoid(Wz * h + Uz * x + bz);
        var n = Tanh(Wn * (r * h) + Un * x + bn);
        return (1 - z) * n + z * h;
    }
}
