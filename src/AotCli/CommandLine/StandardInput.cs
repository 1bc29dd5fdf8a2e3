using System.Runtime.InteropServices;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Standard input on Unix; one that is closed is empty.</summary>
internal sealed class StandardInput : StandardStream
{
    public override bool CanRead => true;

    /// <exception cref="IOException">It cannot be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (StandardHandles.IsOpen(StandardHandles.Input))
        {
            var count = StandardHandles.Read(StandardHandles.Input, buffer);
            if (count >= 0)
            {
                return count;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == StandardHandles.TryAgain)
            {
                StandardHandles.Wait(StandardHandles.Input, forWriting: false, 1000);   // another process has made it non-blocking
            }
            else if (error != StandardHandles.Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            }
        }

        return 0;
    }
}
