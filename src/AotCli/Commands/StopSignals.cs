using System.ComponentModel;
using System.Runtime.InteropServices;
using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Commands;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP, the hang-up of a terminal, ask to stop after the update; a second SIGINT ends the process at once. So does
/// any of them after a while where the process is held up by something else, such as a pipe that nobody reads.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int SignalBase = 128, Hangup = 1, Interrupt = 2, Terminate = 15;

    // So long at least has nothing been computed where a process is blocked; writing a large checkpoint takes some time in every second.
    private const int BlockedSeconds = 20;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _stop = new();   // never disposed: a signal of the last moment would find it so
    private int _exitCode;

    public StopSignals()
    {
        Register(PosixSignal.SIGINT, Interrupt);
        Register(PosixSignal.SIGTERM, Terminate);
        Register(PosixSignal.SIGHUP, Hangup);
    }

    /// <summary>128 and the signal's number; 0 while none came.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>For work that has a token to stop by.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>What a signal does; returns whether it has been dealt with, so that it does not end the process by itself.</summary>
    /// <param name="signal">Its number.</param>
    internal bool Stop(int signal)
    {
        if (Interlocked.CompareExchange(ref _exitCode, SignalBase + signal, 0) != 0)
        {
            // A terminal that goes, and timeout(1), send theirs more than once; a person who presses Ctrl-C again means it.
            return signal != Interrupt;
        }

        StandardError.Hurry();
        new Thread(EndWhereBlocked) { IsBackground = true }.Start();
        _stop.Cancel();
        return true;
    }

    private void Register(PosixSignal signal, int number)
    {
        try
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Stop(number)));
        }
        catch (Exception exception) when (exception is Win32Exception or TypeInitializationException)
        {
            // The system's part of it takes two handles when it is first used.
            throw new IOException($"no signal can be waited for: {exception.GetBaseException().Message}", exception);
        }
    }

    private void EndWhereBlocked()
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var idle = 0; idle < BlockedSeconds; idle++)
        {
            Thread.Sleep(1000);
            var now = Environment.CpuUsage.TotalTime;
            if (now - before > Idle)
            {
                idle = -1;
            }

            before = now;
        }

        Environment.Exit(ExitCode);
    }
}
