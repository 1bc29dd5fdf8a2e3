using System.Diagnostics;

namespace CharRnn.AotCli.Tests.Runs;

public sealed class LargeTextTests : ProcessFixture
{
    /// <summary>
    /// 100 MB in one line; CHARRNN_LARGE_TEXT_MB=500 for more. The greatest memory of the process, as Linux counts it, beside that of the same
    /// training on 1 MB: what the run-time takes, which is more where the JIT compiles, is taken away.
    /// </summary>
    [Fact]
    public void A_large_text_takes_little_more_than_its_own_size()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var megabytes = long.TryParse(Environment.GetEnvironmentVariable("CHARRNN_LARGE_TEXT_MB"), out var number) ? number : 100;
        long small = PeakKilobytes(1), large = PeakKilobytes(megabytes);
        var found = $"{large >> 10} MB of memory for {megabytes} MB of text, {small >> 10} MB for 1 MB";
        if (CharrnnProcess.IsNative)
        {
            Assert.True(large <= ((4 * megabytes) + 64) << 10, found);
        }
        // Less than the promise: of 26 letters a character takes one byte, and nothing holds the text a second time.
        Assert.True(large - small <= (megabytes * 5 / 4 + 16) << 10, found);
    }

    private long PeakKilobytes(long megabytes)
    {
        var line = new byte[1 << 20];
        var random = new Random(1);
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = (byte)('a' + random.Next(26));
        }

        string run = $"run{megabytes}", metrics = InFolder($"{run}/metrics.jsonl");
        using (var file = File.Create(InFolder("large.txt")))
        {
            for (long i = 0; i < megabytes; i++)
            {
                file.Write(line);
            }
        }

        using var process = CharrnnProcess.Start(Root, [.. $"train large.txt --out {run} --steps 1000000000 --hidden 16 --sample-every 0 --quiet".Split(' ')]);
        var begun = Stopwatch.GetTimestamp();
        while (!File.Exists(metrics) || new FileInfo(metrics).Length == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), "the training did not begin");
            Thread.Sleep(50);
        }

        var peak = File.ReadLines($"/proc/{process.Id}/status").First(status => status.StartsWith("VmHWM:", StringComparison.Ordinal));
        process.Kill();
        process.Wait();
        return long.Parse(string.Concat(peak.Where(char.IsAsciiDigit)));
    }
}
