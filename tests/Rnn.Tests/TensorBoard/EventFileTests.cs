using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.TensorBoard;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Tests.Runs;

namespace CharRnn.Rnn.Tests.TensorBoard;

public sealed class EventFileTests : RunFixture
{
    [Fact]
    public void The_checksum_is_crc32c_and_masked()
    {
        Assert.Equal(0xE3069283, EventReader.Crc32C("123456789"u8));   // the check value of CRC-32C
        for (var length = 0; length < 40; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(37 * i))];
            var crc = EventReader.Crc32C(bytes);
            Assert.Equal(unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8), EventFile.MaskedCrc(bytes));
        }
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var folder = Folder("events");
        Directory.CreateDirectory(folder);
        using var file = EventFile.Create(PhysicalFileSystem.Instance, folder, 1_700_000_000.25);
        file.WriteScalars(1_700_000_001, 3, ("loss", 108.5), ("smooth_loss", double.NaN));
        file.WriteScalars(1_700_000_002, long.MaxValue, ("loss", -0.0));
        file.WriteText(1_700_000_003, 200, "sample", new string('é', 200));
        file.Flush();
        var events = EventReader.Read(file.Path);
        Assert.Equal(4, events.Count);
        Assert.Equal((1_700_000_000.25, 0, "brain.Event:2"), (events[0].Time, events[0].Step, events[0].Version));
        Assert.Equal((1_700_000_001, 3), (events[1].Time, events[1].Step));
        Assert.Equal([new("loss", 108.5f, null, null), new("smooth_loss", float.NaN, null, null)], events[1].Values);
        Assert.Equal(long.MaxValue, events[2].Step);
        Assert.Equal([new("sample", null, new string('é', 200), "text")], events[3].Values);
    }

    /// <summary>TensorBoard takes the files of a folder in the order of their names, and goes on with the next where one has nothing more.</summary>
    [Fact]
    public void A_later_file_has_a_later_name()
    {
        var folder = Folder("events");
        Directory.CreateDirectory(folder);
        foreach (var time in (double[])[1_700_000_000, 1_700_000_000, 1_600_000_000])
        {
            EventFile.Create(PhysicalFileSystem.Instance, folder, time).Dispose();
        }

        string[] names = [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["1700000000", "1700000001", "1700000002"], names.Select(name => name.Split('.')[3]));
        Assert.All(names, name => Assert.StartsWith("events.out.tfevents.", name));
    }

    /// <summary>One file, which holds what the logs hold; a TensorBoard that has read the older one is told to drop it.</summary>
    [Fact]
    public void A_run_that_goes_on_writes_it_anew()
    {
        var run = Folder("run");
        Begin(run, Settings(20), events: true);
        var first = Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*"));
        Assert.DoesNotContain(EventReader.Read(first), read => read.Session is not null);
        EventReader.AssertHoldsLogs(run);

        // Of a training that was killed the file has only a part; another program's is not touched.
        File.WriteAllBytes(first, File.ReadAllBytes(first)[..100]);
        var others = Path.Combine(run, "events.out.tfevents.1700000000.machine.1.0");
        File.WriteAllBytes(others, [1, 2, 3]);
        Resume(run, Settings(26), events: true);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(others));
        File.Delete(others);
        var second = Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*"));
        Assert.True(StringComparer.Ordinal.Compare(first, second) < 0);
        Assert.Equal((1, 1), (EventReader.Read(second)[1].Session, EventReader.Read(second)[1].Step));
        EventReader.AssertHoldsLogs(run);
    }

    /// <summary>Where a checkpoint is, the events before it are on the disk; also those of a run that had no file before.</summary>
    [Fact]
    public void It_is_flushed_before_each_checkpoint()
    {
        var files = new FaultyFileSystem(Fault.None, 0);
        Begin(Folder("run"), Settings(12) with { CheckpointEvery = new(4, 0) }, files, events: true);
        var saves = 0;
        for (var i = 0; i < files.Log.Count; i++)
        {
            if (files.Log[i] == $"rename temporary {RunFolder.LastName}")
            {
                saves++;
                var before = files.Log[..i];
                Assert.True(before.LastIndexOf("flush events") > before.LastIndexOf("write events"), $"checkpoint {saves}");
                Assert.True(before.Count(line => line == "flush events") > saves, $"checkpoint {saves}");
            }
        }

        Assert.Equal(3, saves);
        Begin(Folder("later"), Settings(12));
        Resume(Folder("later"), Settings(15), events: true);
        EventReader.AssertHoldsLogs(Folder("later"));
    }
}
