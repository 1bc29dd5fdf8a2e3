using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Standard error. What goes there only informs, so nothing that happens to it ends the work: where it is closed, full or gone with its
/// terminal, what was to be said is dropped.
/// </summary>
internal sealed class StandardError : StandardStream
{
    // A pipe with any room takes so much at once (PIPE_BUF).
    private const int Piece = 4096;
    private const int Tick = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly Stream? Console = OperatingSystem.IsWindows() ? Terminal.WindowsConsole(System.Console.OpenStandardError) : null;
    private static long _hurriedSince;

    public override bool CanWrite => true;

    /// <summary>From now on nobody waits for a reader who does not read: the process has been asked to end.</summary>
    public static void Hurry() => Interlocked.CompareExchange(ref _hurriedSince, Stopwatch.GetTimestamp(), 0);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Console is not null)
        {
            WriteToConsole(Console, buffer);
            return;
        }

        while (buffer.Length > 0 && StandardHandles.IsOpen(StandardHandles.Error) && IsTaken())
        {
            var written = StandardHandles.Write(StandardHandles.Error, buffer[..Math.Min(buffer.Length, Piece)]);
            if (written >= 0)
            {
                buffer = buffer[written..];
            }
            else if (Marshal.GetLastPInvokeError() is var error && error != StandardHandles.Interrupted && error != StandardHandles.TryAgain)
            {
                return;
            }
        }
    }

    private static void WriteToConsole(Stream console, ReadOnlySpan<byte> buffer)
    {
        try
        {
            console.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // It only informs.
        }
    }

    /// <summary>Waits for a reader who is slow; false where there is no more time for that.</summary>
    private static bool IsTaken()
    {
        while (!StandardHandles.Wait(StandardHandles.Error, forWriting: true, Tick))
        {
            if (Interlocked.Read(ref _hurriedSince) is not 0 and var since && Stopwatch.GetElapsedTime(since) > Patience)
            {
                return false;
            }
        }

        return true;
    }
}
