using System.Diagnostics;

namespace CharRnn.AotCli.Tests.Runs;

public sealed class LargeTextTests : ProcessFixture
{
    /// <summary>100 MB in one line; CHARRNN_LARGE_TEXT_MB=500 for more. The greatest memory of the process, as Linux counts it.</summary>
    [Fact]
    public void A_large_text_takes_little_more_than_its_own_size()
    {
        if (!OperatingSystem.IsLinux()) return;
        long megabytes = long.TryParse(Environment.GetEnvironmentVariable("CHARRNN_LARGE_TEXT_MB"), out long number) ? number : 100;
        byte[] line = new byte[1 << 20];
        var random = new Random(1);
        for (int i = 0; i < line.Length; i++) line[i] = (byte)('a' + random.Next(26));
        using (FileStream file = File.Create(InFolder("large.txt")))
            for (long i = 0; i < megabytes; i++) file.Write(line);

        using CharrnnProcess process = CharrnnProcess.Start(Root, [.. "train large.txt --out run --steps 1000000000 --hidden 16 --sample-every 0 --quiet".Split(' ')]);
        long begun = Stopwatch.GetTimestamp();
        while (!File.Exists(InFolder("run/metrics.jsonl")) || new FileInfo(InFolder("run/metrics.jsonl")).Length == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), "the training did not begin");
            Thread.Sleep(50);
        }
        string peak = File.ReadLines($"/proc/{process.Id}/status").First(status => status.StartsWith("VmHWM:", StringComparison.Ordinal));
        long kilobytes = long.Parse(string.Concat(peak.Where(char.IsAsciiDigit)));
        process.Kill();
        process.Wait();
        // What the run-time itself takes comes to 64 MB in the native binary; the JIT's takes 100 more.
        long limit = (4 * megabytes) + 64 + (CharrnnProcess.IsNative ? 0 : 100);
        Assert.True(kilobytes <= limit << 10, $"{kilobytes >> 10} MB of memory for {megabytes} MB of text");
        // Less than the promise, so that a byte a character stays a byte.
        Assert.True(kilobytes <= (megabytes + 64 + (CharrnnProcess.IsNative ? 0 : 100)) << 10, $"{kilobytes >> 10} MB of memory for {megabytes} MB of text of 26 letters");
    }
}
