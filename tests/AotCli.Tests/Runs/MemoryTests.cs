using System.Diagnostics;
using System.Globalization;
using CharRnn.AotCli.Commands;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>What the memory check counts is what a training takes, however it is set.</summary>
public sealed class MemoryTests : ProcessFixture
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 2000).Select(i => (char)('a' + (i * i % 26))));

    public static TheoryData<string> Settings() => new(
        "--hidden 2000", "--hidden 1500 --optimizer adam", "--hidden 1400 --precision double --checkpoint-every 1",
        "--cell lstm --hidden 700 --optimizer adam --streams 4", "--cell gru --layers 2 --hidden 700 --dropout 0.1 --threads 1");

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_training_takes_what_the_check_counts(string settings)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;   // where there is no /proc
        }

        File.WriteAllText(InFolder("text"), Text);
        var program = Peak("--hidden 1", "small");
        var taken = Peak(settings, "large") - program;
        using var writer = RunWriter.Resume(CharRnn.Rnn.Checkpoints.PhysicalFileSystem.Instance, InFolder("large"));
        var counted = TrainingMemory.Bytes(writer.ReadConfiguration(), 26);
        // The collector keeps more or less beside it, by the processor's caches and cores.
        Assert.True(taken < 1.1 * counted && taken > 0.5 * counted, string.Create(CultureInfo.InvariantCulture, $"{settings}: {taken / 1e6:F0} MB taken, {counted / 1e6:F0} MB counted"));
    }

    /// <summary>The most bytes in memory at any time, looked at every few milliseconds while the program runs.</summary>
    private double Peak(string settings, string name)
    {
        using var process = Process.Start(new ProcessStartInfo(CharrnnProcess.Binary, $"train text --out {name} --steps 4 --seq-length 25 --quiet {settings}") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var most = 0.0;
        while (!process.HasExited)
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                most = line is null ? most : 1024 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }

            Thread.Sleep(2);
        }

        Assert.Equal(0, process.ExitCode);
        return most;
    }
}
