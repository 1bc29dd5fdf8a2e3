using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Training;

/// <summary>The training loop: text, chunks, forward, backward, update, report.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The updates after which a smooth loss says something: the first chunk's part in it is down to a third.</summary>
    public const int UpdatesUntilJudged = 1000;

    private readonly EncodedText _text;
    private readonly int[] _chunk, _x, _y;
    private readonly bool[] _isFresh;
    private readonly NetworkWeights<T> _bestWeights;
    private readonly T[] _bestHidden;
    private readonly long _judgedFrom;
    private GentleStart<T>? _gentle;
    private bool _bestIsCurrent, _bestHiddenIsKept;

    /// <summary>A trainer that goes on from where <paramref name="start"/> says; the network already holds its state.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="text">The text; its vocabulary has the network's size.</param>
    /// <param name="eta">The learning rate, of all updates or of each.</param>
    /// <param name="clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
    /// <param name="start">Where to go on; <see cref="TrainingProgress.Start"/> for a new run.</param>
    /// <param name="bestWeights">The weights of the lowest smooth loss so far; null where there are none yet.</param>
    /// <param name="bestHidden">The state h that was carried on with them, the network's <see cref="Network{T}.StateSize"/> elements; null where it is not known.</param>
    /// <param name="judgedFrom">The first update whose smooth loss may be the lowest; see <see cref="Judge"/>.</param>
    /// <param name="order">In which order the text is read; null for that of its characters.</param>
    /// <exception cref="ArgumentException">The text is shorter than one chunk and the character after it, or its vocabulary does not fit the network.</exception>
    public Trainer(Network<T> network, EncodedText text, LearningRateSchedule eta, double clip, TrainingProgress start, NetworkWeights<T>? bestWeights = null, T[]? bestHidden = null, long judgedFrom = 1, TextOrder? order = null)
    {
        Order = order ?? TextOrder.Create(TextOrder.Sequential, text.Beginnings, text.Length, network.SequenceLength, network.Options.Streams);
        if (Order.ChunksPerEpoch == 0 || text.Vocabulary.Size != network.Shape.VocabularySize)
        {
            throw new ArgumentException($"A text of {text.Length} characters, {text.Vocabulary.Size} distinct, does not fit chunks of {network.SequenceLength} for {network.Options.Streams} streams and a vocabulary of {network.Shape.VocabularySize}.");
        }

        Network = network;
        (_text, Eta, Clip, Progress, _judgedFrom) = (text, eta, clip, start, judgedFrom);
        _chunk = new int[network.SequenceLength + 1];
        _x = new int[network.SequenceLength * network.Options.Streams];
        _y = new int[_x.Length];
        _isFresh = new bool[network.Options.Streams];
        _bestWeights = bestWeights ?? network.ExportWeights();
        _bestHidden = bestHidden ?? new T[network.StateSize];
        _bestIsCurrent = start.BestStep == start.Step;
    }

    /// <summary>
    /// Where a run stands that begins from weights worth keeping: they are the first candidate for the best, with the smooth loss that they
    /// have over as many chunks as a training's is first judged after. Nothing is learned, and the state is zero before and after.
    /// </summary>
    public TrainingProgress Judge()
    {
        var smooth = 0.0;
        for (var step = 1; step <= UpdatesUntilJudged; step++)
        {
            var (epoch, number) = Math.DivRem(step - 1, Order.ChunksPerEpoch);
            ReadChunks(epoch + 1, number);
            smooth = Smooth(step, smooth, Network.Forward(_x, _y));
            Network.CarryHidden();
        }

        Network.ResetHidden();
        return double.IsFinite(smooth) ? TrainingProgress.Start with { BestSmoothLoss = smooth } : TrainingProgress.Start;
    }

    /// <summary>A trainer of a new network of one layer, its weights drawn, at the beginning of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cell">The recurrent cell, built in or your own.</param>
    /// <param name="hiddenSize">m.</param>
    /// <param name="sequenceLength">T, the characters of a chunk.</param>
    /// <param name="eta">The learning rate.</param>
    /// <param name="clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="options">How it is trained; null for the exercise of the textbooks.</param>
    /// <returns>The trainer; whoever called disposes of its <see cref="Network"/>.</returns>
    /// <exception cref="ArgumentException">The text is shorter than one chunk and the character after it.</exception>
    public static Trainer<T> Begin(
        EncodedText text, CellDescription cell, int hiddenSize, int sequenceLength = 25, double eta = 0.1, double clip = 5, ulong seed = 1, NetworkOptions? options = null)
    {
        var shape = new NetworkShape(hiddenSize, text.Vocabulary.Size) { Cell = cell };
        var network = Network<T>.Create(shape, sequenceLength, options);
        try
        {
            network.Load(NetworkWeights<T>.Random(shape, seed));
            return new(network, text, eta, clip, TrainingProgress.Start);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The network in training.</summary>
    public Network<T> Network { get; }

    /// <summary>The learning rate.</summary>
    public LearningRateSchedule Eta { get; }

    /// <summary>Up to this update, none moves a matrix by more than a hundredth of the root mean square of its elements; 0 for no such limit.</summary>
    public long GentleUntil { get; init; }

    /// <summary>In which order the text is read.</summary>
    public TextOrder Order { get; }

    /// <summary>The largest magnitude of a gradient element.</summary>
    public double Clip { get; }

    /// <summary>Where the run stands after the last update.</summary>
    public TrainingProgress Progress { get; private set; }

    /// <summary>The characters that the last update read, those of the first stream.</summary>
    public ReadOnlySpan<int> LastChunk => _x.AsSpan(0, Network.SequenceLength);

    /// <summary>As many updates, one after the other.</summary>
    /// <returns>False where a loss is not a finite number: then nothing more was updated.</returns>
    public bool Advance(long updates)
    {
        while (updates > 0 && Advance())
        {
            updates--;
        }

        return updates <= 0;
    }

    /// <summary>One update.</summary>
    /// <returns>False where the loss is not a finite number: then nothing was updated.</returns>
    public bool Advance()
    {
        var (step, epoch, position, _, smooth, best, bestStep) = Progress;
        var length = Network.SequenceLength;

        var number = position / length;
        if (number >= Order.ChunksPerEpoch)
        {
            (epoch, position, number) = (epoch + 1, 0, 0);
        }

        ReadChunks(epoch, number);
        var loss = Network.Forward(_x, _y);
        if (!double.IsFinite(loss))
        {
            return false;
        }

        step++;
        smooth = Smooth(step, smooth, loss);

        // While the smooth loss falls, the weights are better with every update: they are copied when it turns.
        if (step >= _judgedFrom && smooth < best)
        {
            (best, bestStep) = (smooth, step);
            (_bestIsCurrent, _bestHiddenIsKept) = (true, false);
        }
        else if (_bestIsCurrent)
        {
            KeepBest();
        }

        Update(step);
        Progress = Progress with { Step = step, Epoch = epoch, Position = position + length, Loss = loss, SmoothLoss = smooth, BestSmoothLoss = best, BestStep = bestStep };
        return true;
    }

    private void Update(long step)
    {
        if (step <= GentleUntil)
        {
            (_gentle ??= new(Network)).Update(Eta.At(step), Clip);
        }
        else
        {
            Network.BackwardAndUpdate(Eta.At(step), Clip);
        }
    }

    /// <summary>Takes in a loss on held-out text: the lowest chooses the best weights.</summary>
    /// <param name="loss">The mean of a character, in nats.</param>
    /// <param name="at">Where the training stood that it was measured of: now, or some updates ago.</param>
    /// <param name="weights">The weights there; copied.</param>
    /// <param name="hidden">The state that was carried there; copied.</param>
    public void Validated(double loss, TrainingProgress at, NetworkWeights<T> weights, ReadOnlySpan<T> hidden)
    {
        var isBest = loss < Progress.BestValidationLoss;
        Progress = Progress with { ValidationLoss = loss, ValidationsSinceBest = isBest ? 0 : Progress.ValidationsSinceBest + 1 };
        if (isBest)
        {
            Progress = Progress with { BestValidationLoss = loss, BestSmoothLoss = at.SmoothLoss, BestStep = at.Step };
            weights.CopyTo(_bestWeights);
            hidden.CopyTo(_bestHidden);
            _bestIsCurrent = false;
        }
    }

    /// <summary>The best weights: after the update of the lowest smooth loss, or of the lowest loss on held-out text; before the first update, the initial ones.</summary>
    public NetworkWeights<T> BestWeights()
    {
        if (_bestIsCurrent)
        {
            KeepBest();
        }

        return _bestWeights;
    }

    /// <summary>The state h that those weights carried on, the network's <see cref="Network{T}.StateSize"/> elements. From h = 0 some networks fall into a rut that they never met in training.</summary>
    public T[] BestHidden()
    {
        _ = BestWeights();
        return _bestHidden;
    }

    private static double Smooth(long step, double before, double loss) => step == 1 ? loss : (0.999 * before) + (0.001 * loss);

    /// <summary>The next chunk of every stream; characters of one time step stand side by side. A stream that does not go on from its last chunk starts with the state zero.</summary>
    private void ReadChunks(long epoch, long number)
    {
        var (streams, fresh) = (Network.Options.Streams, 0);
        for (var stream = 0; stream < streams; stream++)
        {
            var (start, isFresh) = Order.Chunk(epoch, number, stream);
            _text.CopyTo(start, _chunk);
            for (var t = 0; t + 1 < _chunk.Length; t++)
            {
                _x[(t * streams) + stream] = _chunk[t];
                _y[(t * streams) + stream] = _chunk[t + 1];
            }

            _isFresh[stream] = isFresh;
            fresh += isFresh ? 1 : 0;
        }

        if (fresh > 0)
        {
            KeepBestHidden();
            ResetHidden(all: fresh == streams);
        }
    }

    private void ResetHidden(bool all)
    {
        if (all)
        {
            Network.ResetHidden();
            return;
        }

        var (hidden, size) = (new T[Network.StateSize], Network.Shape.StateSize);
        Network.CopyHidden(hidden);
        for (var stream = 0; stream < _isFresh.Length; stream++)
        {
            if (_isFresh[stream])
            {
                hidden.AsSpan(stream * size, size).Clear();
            }
        }

        Network.SetHidden(hidden);
    }

    private void KeepBest()
    {
        Network.ExportWeights(_bestWeights);
        KeepBestHidden();
        _bestIsCurrent = false;
    }

    /// <summary>The state that the best weights carried, before it goes.</summary>
    private void KeepBestHidden()
    {
        if (_bestIsCurrent && !_bestHiddenIsKept)
        {
            Network.CopyHidden(_bestHidden);
            _bestHiddenIsKept = true;
        }
    }
}
