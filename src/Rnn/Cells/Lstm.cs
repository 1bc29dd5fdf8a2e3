namespace CharRnn.Rnn.Cells;

/// <summary>
/// Long short-term memory: Hochreiter, Schmidhuber, Neural Computation 9 (1997), with the forget gate of Gers, Schmidhuber, Cummins (2000),
/// which starts open.
/// </summary>
[RecurrentCell]
public sealed partial class Lstm
{
    Matrix Wi, Wf, Wg, Wo, Ui, Uf, Ug, Uo;
    Vector bi, bg, bo;
    [Start(1)] Vector bf;

    (Vector h, Vector c) Step(Vector h, Vector c, Vector x)
    {
        var i = Sigmoid(Wi * h + Ui * x + bi);
        var f = Sigmoid(Wf * h + Uf * x + bf);
        var g = Tanh(Wg * h + Ug * x + bg);
        var o = Sigmoid(Wo * h + Uo * x + bo);
        c = f * c + i * g;
        return (o * Tanh(c), c);
    }
}
