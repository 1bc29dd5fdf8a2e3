using System.Runtime.InteropServices;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Standard output on Unix. The console's own stream would take a pipe that nobody reads any more for one that takes everything, so that writing
/// without end would never stop; a file stream would write at positions of its own, over what a second process appends.
/// </summary>
internal sealed class StandardOutput : StandardStream
{
    public override bool CanWrite => true;

    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!StandardHandles.IsOpen(StandardHandles.Output))
        {
            throw new IOException("standard output is closed, and what was to be printed is lost");
        }

        while (buffer.Length > 0)
        {
            var written = StandardHandles.Write(StandardHandles.Output, buffer);
            if (written >= 0)
            {
                buffer = buffer[written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == StandardHandles.BrokenPipe)
            {
                throw new OutputClosedException();
            }

            if (error == StandardHandles.TryAgain)
            {
                StandardHandles.Wait(StandardHandles.Output, forWriting: true, 1000);   // another process has made it non-blocking
            }
            else if (error != StandardHandles.Interrupted)
            {
                throw new IOException($"standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }
}
