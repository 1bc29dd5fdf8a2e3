using System.Runtime.InteropServices;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Standard output on Unix. The console's own stream takes a pipe that nobody reads any more for one that takes everything, so that writing
/// without end would never stop; a file stream would write at positions of its own, over what a second process appends.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Handle = 1;

    // Numbers of <errno.h> that Linux and macOS share, but for the last.
    private const int Interrupted = 4, BrokenPipe = 32;
    private static readonly int TryAgain = OperatingSystem.IsMacOS() ? 35 : 11;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="OutputClosedException">Nobody reads any more.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = write(Handle, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
            {
                throw new OutputClosedException();
            }

            if (error == TryAgain)
            {
                Thread.Sleep(1);   // another process has made the pipe non-blocking
            }
            else if (error != Interrupted)
            {
                throw new IOException($"standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int handle, ReadOnlySpan<byte> bytes, nint count);
}
