namespace CharRnn.Rnn.Training;

/// <summary>An update in parts that begin and end by themselves, for whoever wants to know how long each takes. Training runs some of them without waiting in between.</summary>
public sealed unsafe partial class LayeredNetwork<T>
{
    /// <summary>
    /// What <see cref="Forward"/> and <see cref="BackwardAndUpdate"/> do with a chunk, in the order of <see cref="LayeredWorks.Of"/>. All of
    /// them, one after the other, are one update to the byte, of which nobody asks the loss.
    /// </summary>
    /// <param name="x">The characters read, as in <see cref="Forward"/>.</param>
    /// <param name="y">The characters to predict, as many.</param>
    /// <param name="eta">The learning rate; nothing is clipped by element.</param>
    /// <exception cref="ArgumentException">As in <see cref="Forward"/>.</exception>
    internal IReadOnlyList<Action> Parts(int[] x, int[] y, double eta)
    {
        CheckLengths(x, y);
        CheckIndices(x);
        CheckIndices(y);
        var steps = x.Length / _streams;
        ReadOnlyMemory<int> touched = default;
        return [.. LayeredWorks.Of(_layers.Length).Select(part => Part(part.Work, part.Layer))];

        Action Part(LayeredWork work, int layer) => work switch
        {
            LayeredWork.Inputs => () => SetInputs(layer, x),
            LayeredWork.Forward when layer == 0 => () =>
            {
                x.CopyTo(_x, 0);
                y.CopyTo(_y, 0);
                _steps = steps;
                SetInputs(layer, x);
                RunLayer(layer, steps);
            },
            LayeredWork.Forward => () => RunLayer(layer, steps),
            LayeredWork.Logits => () => _team.Run(worker => Logits(PartOf(worker, steps))),
            LayeredWork.Softmax => () => _team.Run(worker => Losses(PartOf(worker, steps))),
            LayeredWork.DenseGradients => () => _team.Run(worker => DenseGradients(steps, worker)),
            LayeredWork.GradientFromLogits => () => _team.Run(worker => GradientFromLogits(PartOf(worker, steps))),
            LayeredWork.Backward => () => RunRecurrence(worker => RecurBack(layer, ShareOf(worker))),
            LayeredWork.WeightGradients => () => _team.Run(worker => WeightGradients(layer, steps, worker)),
            LayeredWork.GradientBelow => () => _team.Run(worker => GradientBelow(layer, PartOf(worker, steps))),
            LayeredWork.Rule => () =>
            {
                touched = Touched();
                ApplyRule(touched, eta, double.PositiveInfinity);
            },
            _ => () => Renew(touched),
        };
    }
}
