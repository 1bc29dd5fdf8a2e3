using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>
/// Measures weights on held-out text, on a core that the training leaves free where there is one, while the training goes on. What is measured
/// is a copy, and the training takes in the result at a place that does not depend on when it is there: so it is the same whatever core it
/// took, and whatever time.
/// </summary>
/// <param name="heldOut">The text.</param>
/// <param name="hasCore">Whether there is a core that the training does not use.</param>
/// <param name="network">The network in training.</param>
internal sealed class Validator<T>(EncodedText heldOut, bool hasCore, Network<T> network)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkWeights<T> _weights = new(network.Shape);
    private readonly T[] _hidden = new T[network.StateSize];
    private Task<double>? _loss;
    private TrainingProgress _progress;

    /// <summary>Whether a measurement was begun whose result was not asked for yet.</summary>
    public bool IsBusy => _loss is not null;

    /// <summary>Whether there is a result that nobody need wait for.</summary>
    public bool HasResult => _loss is { IsCompleted: true };

    /// <summary>Begins to measure the weights as they are. It reads on from the state that training carries, of the first stream.</summary>
    /// <param name="progress">Where the training stands.</param>
    public void Begin(TrainingProgress progress)
    {
        network.ExportWeights(_weights);
        network.CopyHidden(_hidden);
        _progress = progress;
        _loss = hasCore ? Task.Factory.StartNew(Measure, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : Task.FromResult(Measure());
    }

    /// <summary>Waits for the result and hands it to the training.</summary>
    public void Finish(Trainer<T> trainer)
    {
        var loss = _loss!.GetAwaiter().GetResult();
        _loss = null;
        trainer.Validated(loss, _progress, _weights, _hidden);
    }

    /// <summary>Waits for a measurement that nobody wants any more.</summary>
    public void Abandon()
    {
        _loss?.Wait();
        _loss = null;
    }

    private double Measure() => Evaluation.MeanLoss<T>(_weights, _hidden.AsSpan(0, network.Shape.StateSize), heldOut);
}
