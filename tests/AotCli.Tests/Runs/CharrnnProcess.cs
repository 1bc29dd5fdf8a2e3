using System.Diagnostics;
using System.Text;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>
/// The program as a process of its own: the native binary that the environment variable CHARRNN_BINARY names; where CI is true the one
/// published to out/; or else the build's own, which the JIT compiles.
/// </summary>
internal sealed class CharrnnProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    /// <summary>The folder of the clone that the tests were built in; null where they were taken elsewhere.</summary>
    public static string? Repository { get; } = FindRepository();

    private static readonly string? NativeBinary = FindNativeBinary();

    static CharrnnProcess()
    {
        Environment.SetEnvironmentVariable("PATH", Path.GetDirectoryName(Binary) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"));
        // .NET looks for a program in the current folder before it looks in PATH: a test host begins in that of the build's own.
        Environment.CurrentDirectory = Path.GetTempPath();
    }

    public static bool IsNative => NativeBinary is not null;

    public static string Binary => NativeBinary ?? CompiledAtRunTime;

    /// <summary>The build's own, whose vector registers the environment can narrow; a native binary's are fixed when it is published.</summary>
    public static string CompiledAtRunTime => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "charrnn.exe" : "charrnn");

    /// <summary>On a build server out/charrnn is what the README's first command has just published; elsewhere it may be an old one.</summary>
    private static string? FindNativeBinary()
    {
        if (Environment.GetEnvironmentVariable("CHARRNN_BINARY") is { Length: > 0 } path)
        {
            return Path.GetFullPath(path);
        }

        if (Environment.GetEnvironmentVariable("CI") is not "true")
        {
            return null;
        }

        var published = Repository is null ? null : Path.Combine(Repository, "out", OperatingSystem.IsWindows() ? "charrnn.exe" : "charrnn");
        return File.Exists(published) ? published : null;
    }

    private static string? FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CharRnn.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    private CharrnnProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>The file that runs.</summary>
    public string? Program => _process.MainModule?.FileName;

    public static CharrnnProcess Start(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        // Found in PATH, as its users call it: its hints name it so.
        var start = new ProcessStartInfo(program ?? Path.GetFileName(Binary), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((var name, var value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new CharrnnProcess(Process.Start(start)!);
    }

    public static (int ExitCode, string Output, string Error) Run(string folder, params string[] arguments) => Run(folder, arguments, null);

    public static (int ExitCode, string Output, string Error) Run(string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment, byte[]? input = null, string? program = null)
    {
        using var process = Start(folder, arguments, environment, program);
        try
        {
            if (input is not null)
            {
                process._process.StandardInput.BaseStream.Write(input);
            }

            process._process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want the input.
        }

        return process.Wait();
    }

    public void Kill() => _process.Kill();

    /// <summary>Waits at most five minutes: what takes longer hangs.</summary>
    public (int ExitCode, string Output, string Error) Wait()
    {
        if (!_process.WaitForExit(300_000))
        {
            _process.Kill();
            throw new TimeoutException("the program did not end within five minutes");
        }

        return (_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
