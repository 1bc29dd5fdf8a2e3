using System.Runtime.InteropServices;

namespace CharRnn.AotCli.Commands;

/// <summary>SIGINT and SIGTERM ask to stop after the update; a second SIGINT ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration _interrupt, _terminate;
    private readonly CancellationTokenSource _stop = new();
    private volatile int _exitCode;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 130));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 143));
    }

    /// <summary>128 and the signal's number; 0 while none came.</summary>
    public int ExitCode => _exitCode;

    /// <summary>For work that has a token to stop by.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        // Not cancelled, the signal does what it does by itself: it ends the process.
        context.Cancel = _exitCode == 0 || exitCode == 143;
        if (_exitCode != 0)
        {
            return;
        }

        _exitCode = exitCode;
        _stop.Cancel();
    }
}
