using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// The handles 0, 1 and 2 on Unix: which of them the process was given, and their system calls. The console's own streams are not used there:
/// they end the process where standard error is closed, put a terminal into a mode that nobody undoes, and take a pipe that nobody reads any
/// more for one that takes everything.
/// </summary>
internal static partial class StandardHandles
{
    public const int Input = 0, Output = 1, Error = 2;

    // Numbers of <errno.h> that Linux and macOS share, but for the last.
    public const int Interrupted = 4, BrokenPipe = 32;
    public static readonly int TryAgain = OperatingSystem.IsMacOS() ? 35 : 11;

    private const int GetDescriptorFlags = 1, CloseOnExecute = 1;
    private const short PollInput = 1, PollOutput = 4;

    private static readonly bool[] Closed = new bool[3];
    private static readonly List<SafeFileHandle> Placeholders = [];

    /// <summary>
    /// To be called before any file is opened: one that took the place of a closed handle would receive what is meant for that. Where the
    /// run-time has put a file of its own there, its mark shows it: no handle that is given to a process is to be closed when it starts.
    /// </summary>
    public static void Claim()
    {
        if (OperatingSystem.IsWindows() || Placeholders.Count > 0)
        {
            return;
        }

        for (var handle = Input; handle <= Error; handle++)
        {
            var flags = fcntl(handle, GetDescriptorFlags);
            Closed[handle] = flags < 0 || (flags & CloseOnExecute) != 0;
            if (flags < 0)
            {
                // The lowest free number is this one.
                Placeholders.Add(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
            }
        }
    }

    /// <summary>Whether the process was given this handle.</summary>
    public static bool IsOpen(int handle) => !Closed[handle];

    /// <summary>Waits until the handle can be read or written without waiting, or is broken.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="forWriting">Whether it is to be written; else read.</param>
    /// <param name="milliseconds">At most so long.</param>
    /// <returns>Whether it is so far.</returns>
    public static bool Wait(int handle, bool forWriting, int milliseconds)
    {
        var poll = new PollDescriptor { Handle = handle, Events = forWriting ? PollOutput : PollInput };
        // Where waiting itself fails, the call that follows says what is wrong.
        return StandardHandles.poll(ref poll, 1, milliseconds) is var found && (found > 0 || (found < 0 && Marshal.GetLastPInvokeError() != Interrupted));
    }

    /// <summary>Reads; negative where that fails, and the error is the last of the platform.</summary>
    public static int Read(int handle, Span<byte> buffer) => (int)read(handle, buffer, buffer.Length);

    /// <summary>Writes; negative where that fails, and the error is the last of the platform.</summary>
    public static int Write(int handle, ReadOnlySpan<byte> buffer) => (int)write(handle, buffer, buffer.Length);

    /// <summary>The size of the terminal behind a handle; null where there is none or it does not say. Linux only, elsewhere the console knows.</summary>
    public static (int Columns, int Lines)? TerminalSize(int handle)
    {
        const nuint getWindowSize = 0x5413;
        Span<ushort> size = stackalloc ushort[4];
        return ioctl(handle, getWindowSize, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Handle;
        public short Events, Found;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int handle, int command);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int handle, Span<byte> bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int handle, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int handle, nuint request, Span<ushort> size);
}
