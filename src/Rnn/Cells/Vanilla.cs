namespace CharRnn.Rnn.Cells;

/// <summary>The simple recurrent network of Elman, "Finding structure in time", Cognitive Science 14 (1990).</summary>
[RecurrentCell]
public sealed partial class Vanilla
{
    Matrix W, U;
    Vector b;

    Vector Step(Vector h, Vector x) => Tanh(W * h + U * x + b);
}
