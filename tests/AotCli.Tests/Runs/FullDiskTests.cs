using System.Diagnostics;

namespace CharRnn.AotCli.Tests.Runs;

public sealed class FullDiskTests : ProcessFixture
{
    [SmallFileSystemFact]
    public void A_full_disk_leaves_a_run_that_goes_on()
    {
        var disk = Directory.CreateDirectory(InFolder("disk")).FullName;
        const string settings = "--hidden 100 --seq-length 10 --steps 3000 --log-every 1 --sample-every 100 --checkpoint-every 50 --quiet";
        Assert.Equal(0, Charrnn($"train text.txt --out whole {settings}").ExitCode);
        Assert.True(SmallFileSystemFactAttribute.Mount("-t", "tmpfs", "-o", "size=700k", "tmpfs", disk));
        try
        {
            var result = Charrnn($"train text.txt --out disk/run {settings}");
            AssertOneLine(1, result, "No space left on device");
            Assert.Contains("train --resume disk/run", result.Error);
            Assert.True(File.Exists(InFolder("disk/run/last.safetensors")), "the disk was full before the first checkpoint: it is too small for this test");
            AssertOneLine(1, Charrnn("train --resume disk/run --quiet"), "No space left on device");
            Assert.True(SmallFileSystemFactAttribute.Mount("-o", "remount,size=20m", disk));
            Assert.Equal(0, Charrnn("train --resume disk/run --quiet").ExitCode);
            Assert.Equal(Last("whole"), Last("disk/run"));
            Assert.Equal(File.ReadAllText(InFolder("whole/samples.jsonl")), File.ReadAllText(InFolder("disk/run/samples.jsonl")));
            Assert.Equal(File.ReadLines(InFolder("whole/metrics.csv")).Count(), File.ReadLines(InFolder("disk/run/metrics.csv")).Count());
        }
        finally
        {
            using var unmount = Process.Start("umount", disk);
            unmount.WaitForExit();
        }
    }
}
