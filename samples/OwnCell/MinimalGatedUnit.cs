using CharRnn.Rnn.Cells;

namespace OwnCell;

/// <summary>A minimal gated unit: Zhou, Wu, Zhang, Zhou, Minimal Gated Unit for Recurrent Neural Networks (2016). One gate forgets and resets.</summary>
[RecurrentCell(Name = "mgu")]
public sealed partial class MinimalGatedUnit
{
    Matrix Wf, Wn, Uf, Un;
    Vector bf, bn;

    Vector Step(Vector h, Vector x)
    {
        var f = Sigmoid(Wf * h + Uf * x + bf);
        var n = Tanh(Wn * (f * h) + Un * x + bn);
        return (1 - f) * h + f * n;
    }
}
