using System.Diagnostics;
using System.Numerics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Runs;

/// <summary>A training with its folder: logs, samples, checkpoints; and what happens when it is stopped or its loss is no longer finite.</summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class TrainingRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The characters in best.txt.</summary>
    public const int BestTextLength = 1000;

    private readonly RunConfiguration _configuration;
    private readonly RunWriter _writer;
    private readonly EncodedText _text;
    private readonly Validator<T>? _validator;
    private readonly Queue<MetricsRecord> _heldBack = new();   // lines of metrics from that of a validation on whose loss is not known yet
    private readonly Network<T> _network;
    private readonly ITrainingObserver? _observer;
    private readonly NetworkWeights<T> _snapshotBest;
    private readonly T[] _snapshotBestHidden;
    private readonly long _firstBestStep;
    private readonly bool _firstBestKnown;
    private Network<T>? _writing;
    private RunState<T> _snapshot, _spare;
    private Trainer<T> _trainer;
    private bool _isSnapshotDue;
    private long _bestWritten;   // the step of best.safetensors; -1 where there is none that fits

    private TrainingRun(RunWriter writer, RunConfiguration configuration, EncodedText text, EncodedText? heldOut, Execution<T>? execution, Network<T> network, TrainingProgress start, NetworkWeights<T>? best, T[]? bestHidden, ITrainingObserver? observer)
    {
        (_writer, _configuration, _text, _network, _observer) = (writer, configuration, text.Part(0, configuration.TrainingLength), network, observer);
        _validator = HeldOut(configuration, text, heldOut) is { } unseen ? new(unseen, Environment.ProcessorCount > (execution?.Threads ?? 1), network) : null;
        _trainer = NewTrainer(start, best, bestHidden);
        (_firstBestStep, _firstBestKnown) = (start.BestStep, best is not null || start.BestStep == start.Step);
        _bestWritten = best is not null ? start.BestStep : -1;
        (_snapshot, _spare, _snapshotBest, _snapshotBestHidden) = (new(network), new(network), new(network.Shape), new T[network.StateSize]);
        _writer.OpenLogs(start.Step, configuration.IsValidated);
        _snapshot.CopyFrom(network, start);
        CopyBest();
    }

    /// <summary>Updates between copies of the state. So often they cost under a per cent; what came after the last can be computed again.</summary>
    internal int SnapshotInterval { get; set; } = 1024;

    /// <summary>What the run was asked to do.</summary>
    public RunConfiguration Configuration => _configuration;

    /// <summary>Whether a second process is kept off the run's folder (<see cref="RunWriter.IsLocked"/>).</summary>
    public bool IsLocked => _writer.IsLocked;

    /// <summary>Where the run stands.</summary>
    public TrainingProgress Progress => _trainer.Progress;

    /// <summary>Begins a run, or begins again one that was stopped before its first checkpoint.</summary>
    /// <param name="writer">The run's folder, which the run takes over.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="text">The text, as indices of the configuration's vocabulary.</param>
    /// <param name="init">The weights to start from, with the optimiser's slots where it has them; null draws them.</param>
    /// <param name="execution">What it runs on; null for one thread of the best kernels.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="heldOut">The text of the file that is validated on, as indices of the same vocabulary; null where the text's last part is, or nothing.</param>
    public static TrainingRun<T> Begin(RunWriter writer, RunConfiguration configuration, EncodedText text, ModelFile? init, Execution<T>? execution, ITrainingObserver? observer, EncodedText? heldOut = null)
    {
        var network = NewNetwork(configuration, text, execution);
        if (init is null)
        {
            network.Load(NetworkWeights<T>.Random(network.Shape, configuration.Seed, configuration.WeightStart), null);
            return new TrainingRun<T>(writer, configuration, text, heldOut, execution, network, TrainingProgress.Start, null, null, observer);
        }

        var extension = new VocabularyExtension(init.Vocabulary, text.Vocabulary);
        network.Load(extension.Weights(init.Weights<T>(), configuration.Seed), [.. (init.Slots<T>(configuration.Optimizer) ?? []).Select(extension.Slot)]);
        var trainer = new Trainer<T>(network, text.Part(0, configuration.TrainingLength), configuration.LearningRate, configuration.Clip, TrainingProgress.Start, order: configuration.TextOrder);
        var start = trainer.Judge();
        if (configuration.IsValidated)
        {
            var loss = Evaluation.MeanLoss<T>(network.ExportWeights(), [], HeldOut(configuration, text, heldOut)!);
            start = start with { ValidationLoss = loss, BestValidationLoss = double.IsNaN(loss) ? double.PositiveInfinity : loss };
        }

        return new TrainingRun<T>(writer, configuration, text, heldOut, execution, network, start, null, null, observer);
    }

    /// <summary>Goes on from a run's last checkpoint.</summary>
    /// <param name="writer">The run's folder, which the run takes over.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="text">The text, as indices of the configuration's vocabulary.</param>
    /// <param name="last">The checkpoint.</param>
    /// <param name="execution">What it runs on; null for one thread of the best kernels.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="heldOut">As in <see cref="Begin"/>.</param>
    /// <exception cref="SafetensorsException">The checkpoint is not of this run.</exception>
    public static TrainingRun<T> Resume(RunWriter writer, RunConfiguration configuration, EncodedText text, ModelFile last, Execution<T>? execution, ITrainingObserver? observer, EncodedText? heldOut = null)
    {
        var state = RunState<T>.From(last, configuration);
        var best = writer.ReadModel(RunFolder.BestName);
        var fits = best is not null && best.Metadata.TryGetValue("step", out var step) && step == last.Metadata["best_step"] && best.Shape == last.Shape;
        var network = NewNetwork(configuration, text, execution);
        state.CopyTo(network);
        return new TrainingRun<T>(writer, configuration, text, heldOut, execution, network, state.Progress, fits ? best!.Weights<T>() : null, fits ? best!.Hidden<T>(configuration.Streams) : null, observer);
    }

    /// <summary>Trains to the run's last update, to the end of its patience, to the first loss that is not finite, or until asked to stop; then saves.</summary>
    /// <param name="stopRequested">Asked before every update.</param>
    /// <exception cref="IOException">A file could not be written; the last checkpoint is still there.</exception>
    public TrainingResult Train(Func<bool> stopRequested)
    {
        long total = _configuration.TotalSteps, first = Progress.Step;
        long start = Stopwatch.GetTimestamp(), saved = start, outside = 0, logged = start;
        long? divergedAt = null;
        var watch = _observer is null ? null : new UnitWatch<T>(_network);
        SampleRecord? untrained = null;
        var (loggedStep, isRiseSaid) = (first, false);
        _observer?.Started(new TrainingStart(_writer.Folder, _configuration, first, total, _network.KernelName));
        LogBeginning();
        while (Progress.Step < total && !IsOutOfPatience && !stopRequested())
        {
            var step = Progress.Step + 1;
            if (IsSampleDue(step))
            {
                var before = Stopwatch.GetTimestamp();
                var sample = Sample(step);
                // The untrained network's sample waits for its loss, which is that of the first update.
                if (step == 1)
                {
                    untrained = sample;
                }
                else
                {
                    Record(sample);
                }

                outside += Stopwatch.GetTimestamp() - before;
            }

            var isFinite = Advance();
            if (step == 1)
            {
                Record(isFinite && untrained is not null ? untrained with { SmoothLoss = Progress.SmoothLoss } : untrained);
            }

            if (!isFinite)
            {
                divergedAt = step;
                RestoreLastFinite();
                break;
            }

            _observer?.Advanced(_trainer.Progress);
            if (watch?.Look(step, _trainer.LastChunk) is { } units)
            {
                _observer!.Noticed(new UnitNotice(_writer.Folder, step, units, _configuration.BeginsWithAdagrad ? LearningRateAdvice.Try(_configuration.Eta, _configuration.HiddenSize) : null));
                watch = null;
            }

            if (step == 1 || step % _configuration.LogEvery == 0 || IsValidationDue(step))
            {
                Log();
            }

            if (!isRiseSaid && step % _configuration.LogEvery == 0 && Rise is { } rise)
            {
                _observer?.Noticed(rise);
                isRiseSaid = true;
            }

            _isSnapshotDue |= step % SnapshotInterval == 0;
            SnapshotIfDue();

            if (IsCheckpointDue(step))
            {
                var before = Stopwatch.GetTimestamp();
                Save();
                saved = Stopwatch.GetTimestamp();
                outside += saved - before;
            }
        }

        FinishValidation();
        var end = Stopwatch.GetTimestamp();
        var updateSeconds = Stopwatch.GetElapsedTime(start, end - outside).TotalSeconds;
        if ((Progress.Step >= total || IsOutOfPatience) && divergedAt is null && _configuration.SampleEvery > 0)
        {
            Record(Sample(Progress.Step + 1));
        }

        Save();
        WriteBestText();
        _writer.WriteSamplesText();
        var updates = Math.Max(0, (divergedAt - 1 ?? Progress.Step) - first);
        var result = new TrainingResult(_writer.Folder, Progress, total, updates, Stopwatch.GetElapsedTime(start).TotalSeconds, updateSeconds,
            _network.InstructionSet, _network.KernelName, divergedAt)
        {
            IsOutOfPatience = IsOutOfPatience,
            Rise = Rise,
        };
        _observer?.Finished(result);
        return result;

        void Log()
        {
            var now = Stopwatch.GetTimestamp();
            var characters = (double)(Progress.Step - loggedStep) * _configuration.SequenceLength;
            var record = new MetricsRecord(Progress.Step, Progress.Epoch, Progress.Loss, Progress.SmoothLoss,
                Math.Round(_writer.ElapsedSeconds + Stopwatch.GetElapsedTime(start, now).TotalSeconds, 6),
                Math.Round(characters / Math.Max(1e-9, Stopwatch.GetElapsedTime(logged, now).TotalSeconds)))
            {
                ValidationLoss = IsValidationDue(Progress.Step) ? Progress.ValidationLoss : null,
            };
            (logged, loggedStep) = (now, Progress.Step);
            _heldBack.Enqueue(record);
            if (!IsValidating)
            {
                WriteHeldBack();
            }
        }

        bool IsCheckpointDue(long step)
        {
            if (step == total)
            {
                return false;
            }

            var interval = _configuration.CheckpointEvery;
            return interval.Updates > 0 ? step % interval.Updates == 0 : Stopwatch.GetElapsedTime(saved).TotalSeconds >= interval.Seconds;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _validator?.Abandon();
        _network.Dispose();
        _writing?.Dispose();
        _writer.Dispose();
    }

    private static Network<T> NewNetwork(RunConfiguration configuration, EncodedText text, Execution<T>? execution) => Network<T>.Create(
        configuration.Shape(text.Vocabulary.Size), configuration.SequenceLength, configuration.NetworkOptions with { Threads = execution?.Threads ?? 1, AllowFixed = execution?.AllowFixed ?? true }, execution?.Kernels);

    /// <summary>Weights that were drawn are worth nothing: the first update is better. Weights that were trained give way only to what is known to be. Held-out text judges by itself.</summary>
    private long JudgedFrom => _configuration.IsValidated ? long.MaxValue : _configuration.Init is null ? 1 : Trainer<T>.UpdatesUntilJudged;

    /// <summary>Null while it is too early to say, or the smooth loss is below that of the beginning.</summary>
    private RiseNotice? Rise => Progress.Step >= RiseNotice.From && _writer.FirstSmoothLoss is { } began && Progress.SmoothLoss > began ? new(Progress.Step, Progress.SmoothLoss, began) : null;

    private bool IsOutOfPatience => _configuration.Patience > 0 && Progress.ValidationsSinceBest >= _configuration.Patience;

    private static EncodedText? HeldOut(RunConfiguration configuration, EncodedText text, EncodedText? file) =>
        configuration.HeldOut > 0 ? text.Part(configuration.TrainingLength, configuration.HeldOut) : file;

    private Trainer<T> NewTrainer(TrainingProgress start, NetworkWeights<T>? best, T[]? bestHidden) =>
        new(_network, _text, _configuration.LearningRate, _configuration.Clip, start, best, bestHidden, JudgedFrom, _configuration.TextOrder) { GentleUntil = _configuration.Init is null ? 0 : _configuration.WarmUp };

    /// <summary>A run that begins from weights knows their loss before its first update.</summary>
    private void LogBeginning()
    {
        if (_configuration.Init is null || Progress.Step > 0 || _writer.FirstSmoothLoss is not null)
        {
            return;
        }

        Write(new MetricsRecord(0, 1, double.NaN, Progress.BestSmoothLoss, 0, 0) { ValidationLoss = _configuration.IsValidated ? Progress.ValidationLoss : null });
    }

    /// <summary>
    /// One update, and where it is due the validation of what came of it. Its loss is taken in before the next, before a checkpoint and at the
    /// end; and at once where it may be the one that ends the training.
    /// </summary>
    private bool Advance()
    {
        if (IsValidating && (_validator!.HasResult || IsValidationDue(Progress.Step + 1)))
        {
            FinishValidation();
            SnapshotIfDue();
        }

        if (!_trainer.Advance())
        {
            return false;
        }

        if (IsValidationDue(Progress.Step))
        {
            _validator!.Begin(Progress);
            if (_configuration.Patience > 0 && Progress.ValidationsSinceBest + 1 >= _configuration.Patience)
            {
                FinishValidation();
            }
        }

        return true;
    }

    private bool IsValidating => _validator is { IsBusy: true };

    /// <summary>Takes in the loss of the validation that was begun last, if it is not known yet, and writes the metrics that waited for it.</summary>
    private void FinishValidation()
    {
        if (IsValidating)
        {
            _validator!.Finish(_trainer);
            WriteHeldBack();
        }
    }

    private void WriteHeldBack()
    {
        while (_heldBack.TryDequeue(out var record))
        {
            Write(IsValidationDue(record.Step) ? record with { ValidationLoss = Progress.ValidationLoss } : record);
        }
    }

    private void Write(MetricsRecord record)
    {
        _writer.Write(record);
        _observer?.Logged(record);
    }

    private bool IsValidationDue(long step) => _configuration.IsValidated && step % _configuration.ValidationEvery == 0;

    private bool IsSampleDue(long step) => _configuration.SampleEvery > 0 && (step == 1 || step % _configuration.SampleEvery == 0);

    /// <summary>Writes from where the training is: the carried state and the next chunk's first character. Both are as before afterwards.</summary>
    /// <returns>Null where the logits are not finite: the next update will say so.</returns>
    private SampleRecord? Sample(long step)
    {
        var hidden = new T[_network.StateSize];
        _network.CopyHidden(hidden);
        var writer = _network;
        if (_network is not VanillaNetwork<T>)
        {
            // One stream, without dropout.
            writer = Writing();
            _network.ExportWeights(_spare.Weights);
            writer.Load(_spare.Weights);
            writer.SetHidden(hidden.AsSpan(0, writer.StateSize));
        }

        var text = Write(writer, _configuration.SampleLength, _trainer.Order.After(Progress.Epoch, Progress.Position / _configuration.SequenceLength), (ulong)step);
        _network.SetHidden(hidden);
        return text is null ? null : new SampleRecord(step, Progress.Epoch, Progress.Step == 0 ? null : Progress.SmoothLoss, text);
    }

    private void Record(SampleRecord? sample)
    {
        if (sample is null)
        {
            return;
        }

        _writer.Write(sample);
        _observer?.Sampled(sample);
    }

    /// <summary>A network to write with: one stream, no dropout, no slots.</summary>
    private Network<T> Writing() => _writing ??= Network<T>.Create(_network.Shape, 1, new() { Optimizer = "sgd" });

    /// <summary>Writes best.txt as a sample of the best update would have been: from the state that it carried and the next chunk's first character.</summary>
    private void WriteBestText()
    {
        var file = IsBestKnown ? null : _writer.ReadModel(RunFolder.BestName);
        if (!IsBestKnown && file is null)
        {
            return;
        }

        var network = Writing();
        network.Load(file?.Weights<T>() ?? _trainer.BestWeights());
        network.SetHidden(file is null ? _trainer.BestHidden().AsSpan(0, network.StateSize) : file.Hidden<T>() ?? new T[network.StateSize]);
        var (epoch, chunk) = Math.DivRem(Math.Max(0, Progress.BestStep - 1), _trainer.Order.ChunksPerEpoch);
        if (Write(network, BestTextLength, _trainer.Order.After(epoch + 1, Progress.BestStep == 0 ? 0 : chunk + 1), 0) is { } text)
        {
            _writer.WriteBestText(text);
        }
    }

    private string? Write(Network<T> network, int length, long position, ulong stream)
    {
        var first = new int[1];
        _text.CopyTo(position, first);
        var writer = new Writer<T>(network, _text.Vocabulary, new Sampler(new SamplingSettings { Seed = _configuration.Seed }, network.Shape.VocabularySize, stream));
        try
        {
            writer.Read(first);
            return string.Concat(writer.Write(length));
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    private void Save()
    {
        FinishValidation();
        _spare.CopyFrom(_network, Progress);
        if (!_spare.IsFinite)
        {
            return;   // the next loss will not be finite either; what is saved is from before
        }

        SafetensorsFile? best = null;
        if (IsBestKnown && _bestWritten != Progress.BestStep)
        {
            best = RunState<T>.BestFile(_configuration, _trainer.BestWeights(), _trainer.BestHidden(), Progress);
        }

        _observer?.Saving();
        _writer.Save(_spare.ToFile(_configuration), best, Progress.Step, _configuration.KeptCheckpoints);
        if (best is not null)
        {
            _bestWritten = Progress.BestStep;
        }
    }

    /// <summary>
    /// Whether the trainer has the weights of the lowest smooth loss. It has not after a crash between the two files of a checkpoint, when
    /// best.safetensors is newer than last.safetensors, until the same weights come round again.
    /// </summary>
    private bool IsBestKnown => _firstBestKnown || Progress.BestStep != _firstBestStep;

    /// <summary>A copy of the state has all losses up to its update: it waits for a validation.</summary>
    private void SnapshotIfDue()
    {
        if (_isSnapshotDue && !IsValidating)
        {
            _isSnapshotDue = false;
            Snapshot();
        }
    }

    /// <summary>Keeps a copy of the state, if it is finite.</summary>
    private void Snapshot()
    {
        _spare.CopyFrom(_network, Progress);
        if (!_spare.IsFinite)
        {
            return;
        }

        if (_snapshot.Progress.BestStep != Progress.BestStep)
        {
            CopyBest();
        }

        (_snapshot, _spare) = (_spare, _snapshot);
    }

    /// <summary>Puts the network back to the last update after which every number was finite: the updates since the last copy are done again, the same.</summary>
    private void RestoreLastFinite()
    {
        FinishValidation();
        _isSnapshotDue = false;
        var last = Progress.Step;
        Restore();
        var finite = Progress.Step;
        while (Progress.Step < last && Advance())
        {
            _spare.CopyFrom(_network, Progress);
            if (!_spare.IsFinite)
            {
                break;
            }

            finite = Progress.Step;
        }

        Restore();
        while (Progress.Step < finite)
        {
            Advance();
        }

        void Restore()
        {
            _validator?.Abandon();
            _snapshot.CopyTo(_network);
            var best = new NetworkWeights<T>(_network.Shape);
            _snapshotBest.CopyTo(best);
            _trainer = NewTrainer(_snapshot.Progress, best, [.. _snapshotBestHidden]);
        }
    }

    private void CopyBest()
    {
        _trainer.BestWeights().CopyTo(_snapshotBest);
        _trainer.BestHidden().CopyTo(_snapshotBestHidden, 0);
    }
}
