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
        using var file = EventFile.Create(folder, 1_700_000_000.25);
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
            EventFile.Create(folder, time).Dispose();
        }

        string[] names = [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["1700000000", "1700000001", "1700000002"], names.Select(name => name.Split('.')[3]));
        Assert.All(names, name => Assert.StartsWith("events.out.tfevents.", name));
    }

    [Fact]
    public void A_run_that_goes_on_says_from_where()
    {
        Train(20);
        Train(26);
        var run = RunFolder.Open(Folder("run"));
        string[] files = [.. Directory.GetFiles(run.Path, "events.out.tfevents.*").Order(StringComparer.Ordinal)];
        List<EventReader.Event> first = EventReader.Read(files[0]), second = EventReader.Read(files[1]);
        Assert.DoesNotContain(first, read => read.Session is not null);
        Assert.Equal((1, 21), (second[1].Session, second[1].Step));

        // With what the second file takes back, both hold what the run's logs hold.
        EventReader.Event[] all = [.. first.Where(read => read.Step < second[1].Step), .. second];
        var metrics = run.ReadMetrics().ToArray();
        Assert.Equal(metrics.Select(record => (record.Step, (float?)record.Loss, (float?)record.SmoothLoss)),
            all.Where(read => read.Values is [{ Tag: "loss" }, ..]).Select(read => (read.Step, read.Values[0].Number, read.Values[1].Number)));
        Assert.Equal(run.ReadSamples().Select(sample => (sample.Step, "    " + sample.Text)),
            all.Where(read => read.Values is [{ Tag: "sample" }]).Select(read => (read.Step, read.Values[0].Text!)));

        void Train(long steps)
        {
            var files = new FaultyFileSystem(Fault.None, 0);
            var begins = !Directory.Exists(Folder("run"));
            using var writer = begins ? RunWriter.Create(files, Folder("run"), Settings(steps)) : RunWriter.Resume(files, Folder("run"));
            using var log = new EventLog();
            using var training = begins
                ? TrainingRun<float>.Begin(writer, Settings(steps), SmallText, null, null, log)
                : TrainingRun<float>.Resume(writer, Settings(steps), SmallText, writer.ReadModel(RunFolder.LastName)!, null, log);
            training.Train(() => false);
        }
    }
}
