using System.Diagnostics;
using System.Runtime.InteropServices;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Display;

/// <summary>
/// A training's progress in a few lines of the terminal that are redrawn in place. The training's thread only leaves a few numbers here;
/// a timer draws, so that neither a slow terminal nor a slow update holds up the other.
/// </summary>
internal sealed class LiveTrainingDisplay : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private const int SpeedFrames = 12;   // the speed is that of the last three seconds

    private readonly Lock _drawing = new();
    private readonly LiveRegion _region = new(Terminal.Screen);
    private readonly LossCurve _curve = new(), _validationCurve = new();
    private readonly Queue<(long Time, long Step)> _recent = new();
    private readonly bool _color = Terminal.ColorAllowed;
    private PosixSignalRegistration? _continued;
    private Timer? _timer;
    private long _totalSteps, _step, _epoch = 1;
    private double _smoothLoss = double.NaN, _bestSmoothLoss = double.NaN, _validationLoss = double.NaN, _bestValidationLoss = double.NaN;
    private SampleRecord? _sample;

    /// <inheritdoc/>
    public void Started(TrainingStart start)
    {
        (_totalSteps, _step) = (start.TotalSteps, start.Step);
        TrainingLines.WriteStart(start);
        _recent.Enqueue((Stopwatch.GetTimestamp(), start.Step));
        if (!OperatingSystem.IsWindows())
        {
            _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Continued());
        }

        _timer = new Timer(_ => Draw(), null, Frame, Frame);
    }

    /// <inheritdoc/>
    public void Advanced(in TrainingProgress progress)
    {
        // Each is one store; the timer may see some of one update and some of the next.
        Volatile.Write(ref _step, progress.Step);
        Volatile.Write(ref _epoch, progress.Epoch);
        Volatile.Write(ref _smoothLoss, progress.SmoothLoss);
        Volatile.Write(ref _bestSmoothLoss, progress.BestSmoothLoss);
        Volatile.Write(ref _validationLoss, progress.ValidationLoss);
        Volatile.Write(ref _bestValidationLoss, progress.BestValidationLoss);
        _curve.Add(progress.SmoothLoss);
    }

    /// <inheritdoc/>
    public void Logged(MetricsRecord record)
    {
        if (record.ValidationLoss is { } loss)
        {
            _validationCurve.Add(loss);
        }
    }

    /// <inheritdoc/>
    public void Sampled(SampleRecord record) => Volatile.Write(ref _sample, record);

    /// <inheritdoc/>
    public void Noticed(UnitNotice notice) => Write(() => TrainingLines.WriteNotice(notice));

    /// <inheritdoc/>
    public void Noticed(RiseNotice notice) => Write(() => TrainingLines.WriteNotice(notice));

    /// <inheritdoc/>
    public void Finished(TrainingResult result)
    {
        Stop();
        TrainingLines.WriteEnd(result);
    }

    /// <summary>Takes the lines away, where the training ended otherwise.</summary>
    public void Dispose() => Stop();

    private void Write(Action write)
    {
        lock (_drawing)
        {
            // The next frame stands below the line.
            _region.Clear(Terminal.Width);
            write();
        }
    }

    private void Draw()
    {
        // A terminal that is held (Ctrl-S) keeps one frame waiting, not many.
        if (!_drawing.TryEnter())
        {
            return;
        }

        try
        {
            if (_timer is null)
            {
                return;
            }

            long step = Volatile.Read(ref _step), now = Stopwatch.GetTimestamp();
            _recent.Enqueue((now, step));
            if (_recent.Count > SpeedFrames)
            {
                _recent.Dequeue();
            }

            var (time, before) = _recent.Peek();
            var speed = (step - before) / Stopwatch.GetElapsedTime(time, now).TotalSeconds;
            var width = Terminal.Width;
            var sample = Volatile.Read(ref _sample);
            var frame = new TrainingFrame(step, _totalSteps, Volatile.Read(ref _epoch), Volatile.Read(ref _smoothLoss), Volatile.Read(ref _bestSmoothLoss), speed, sample?.Step ?? 0, sample?.Text)
            {
                ValidationLoss = Volatile.Read(ref _validationLoss),
                BestValidationLoss = Volatile.Read(ref _bestValidationLoss),
            };
            _region.Draw(frame.Draw(width, Terminal.Height, _color, _curve, _validationCurve), width);
        }
        finally
        {
            _drawing.Exit();
        }
    }

    /// <summary>After Ctrl-Z the shell has written below the lines: they stay, and new ones begin.</summary>
    private void Continued()
    {
        lock (_drawing)
        {
            _region.Forget();
        }
    }

    private void Stop()
    {
        lock (_drawing)
        {
            if (_timer is null)
            {
                return;
            }

            _timer.Dispose();
            _timer = null;
            _region.Clear(Terminal.Width);
        }

        _continued?.Dispose();
    }
}
