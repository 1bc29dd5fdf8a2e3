using System.Diagnostics;
using System.Globalization;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// How far long work is, on standard error: on a terminal one line that is redrawn in place a few times a second and goes away at the end;
/// elsewhere a plain line every ten seconds, so that short work says nothing. Any thread may report.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200), PlainInterval = TimeSpan.FromSeconds(10);

    private readonly string _work;
    private readonly LiveRegion? _region;
    private readonly Lock _drawing = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Begins; nothing is shown yet.</summary>
    /// <param name="work">What is being done, for example <c>checking gradients</c>.</param>
    public ProgressLine(string work) => (_work, _region) = (work, Terminal.ErrorIsTerminal ? new LiveRegion(Terminal.Screen) : null);

    /// <summary>Says how far the work is.</summary>
    /// <param name="stage">What is being done of it; may be empty.</param>
    /// <param name="share">From 0 to 1.</param>
    public void Report(string stage, double share)
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _last)) < (_region is null ? PlainInterval : Frame) || !_drawing.TryEnter())
        {
            return;
        }

        try
        {
            _last = Stopwatch.GetTimestamp();
            if (_region is null)
            {
                Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_work}: {100 * share:0} %{(stage.Length > 0 ? ", " + stage : "")}"));
                return;
            }

            var width = Terminal.Width;
            var text = string.Create(CultureInfo.InvariantCulture, $"{_work} {ProgressBar.Draw(share, Math.Clamp(width / 4, 4, 30))} {100 * share,3:0} %");
            // Half a word says less than none.
            if (stage.Length > 0 && text.Length + 1 + stage.Length < width)
            {
                text = $"{text} {stage}";
            }

            _region.Draw([DisplayWidth.Cut(text, width - 1)], width);
        }
        finally
        {
            _drawing.Exit();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_drawing)
        {
            _region?.Clear(Terminal.Width);
        }
    }
}
