using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>Order and schedule within a run: what is trained, and that a stop changes nothing of it.</summary>
public sealed class OrderTests : RunFixture
{
    private const int Total = 33;

    public static TheoryData<string, int, string> Cases()
    {
        var cases = new TheoryData<string, int, string>();
        foreach (var order in TextOrder.Names)
        {
            foreach (var streams in (int[])[1, 3])
            {
                cases.Add(order, streams, order == TextOrder.Pieces ? LearningRateSchedule.Cosine : LearningRateSchedule.Linear);
            }
        }

        return cases;
    }

    private static RunConfiguration Ordered(string order, int streams, string schedule) =>
        Settings(Total) with { Order = order, Pieces = 6, Streams = streams, Schedule = schedule, WarmUp = 4, LeastEta = 0.01, SampleEvery = 5 };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stop_after_any_update_changes_nothing(string order, int streams, string schedule)
    {
        var settings = Ordered(order, streams, schedule);
        Begin(Folder("whole"), settings);
        for (var stop = 0; stop <= Total; stop++)
        {
            var folder = Folder($"stop{stop}");
            Begin(folder, settings, stop: progress => progress.Step == stop);
            Resume(folder, settings);
            Assert.Equal(Content(Folder("whole")), Content(folder));
        }
    }

    /// <summary>The run is what the network makes of the order's chunks and the schedule's rates, one after the other.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_reads_the_chunks_of_its_order(string order, int streams, string schedule) => Reads(order, streams, schedule, [0]);

    /// <summary>Where texts begin, one stream begins anew and the others go on.</summary>
    [Theory]
    [InlineData("sequential")]
    [InlineData("pieces")]
    public void Streams_begin_texts_each_for_itself(string order) => Reads(order, 2, "linear", [0, 7, 22, 55]);

    private void Reads(string order, int streams, string schedule, long[] beginnings)
    {
        var settings = Ordered(order, streams, schedule) with { Beginnings = beginnings, Pieces = beginnings.Length > 1 ? 2 : 6 };
        Begin(Folder("run"), settings);
        using var network = Network<float>.Create(settings.Shape(SmallText.Vocabulary.Size), settings.SequenceLength, settings.NetworkOptions);
        network.Load(NetworkWeights<float>.Random(network.Shape, settings.Seed), null);
        var places = settings.TextOrder;
        var chunk = new int[settings.SequenceLength + 1];
        for (var step = 1; step <= Total; step++)
        {
            var (epoch, number) = Math.DivRem(step - 1, places.ChunksPerEpoch);
            var (x, y) = (new int[settings.SequenceLength * streams], new int[settings.SequenceLength * streams]);
            var hidden = new float[network.StateSize];
            network.CopyHidden(hidden);
            for (var stream = 0; stream < streams; stream++)
            {
                var (start, isFresh) = places.Chunk(epoch + 1, number, stream);
                SmallText.CopyTo(start, chunk);
                for (var t = 0; t < settings.SequenceLength; t++)
                {
                    (x[(t * streams) + stream], y[(t * streams) + stream]) = (chunk[t], chunk[t + 1]);
                }

                if (isFresh)
                {
                    hidden.AsSpan(stream * settings.HiddenSize, settings.HiddenSize).Clear();
                }
            }

            network.SetHidden(hidden);
            network.Forward(x, y);
            network.BackwardAndUpdate(settings.LearningRate.At(step), settings.Clip);
        }

        var last = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        Assert.Equal(network.ExportWeights().Tensors.SelectMany(tensor => tensor.Values), last.Weights<float>().Tensors.SelectMany(tensor => tensor.Values));
        Assert.Equal(order == TextOrder.Sequential ? null : order == TextOrder.Pieces ? $"pieces {settings.Pieces}" : "random", last.Metadata.TryGetValue("order", out var said) ? said : null);
        Assert.Equal(schedule, last.Metadata["schedule"]);
    }

    /// <summary>Three texts as one: where one begins, the state is zero, in training and in validation.</summary>
    [Fact]
    public void A_text_of_several_begins_each_with_the_state_zero()
    {
        string[] files = [Folder("a"), Folder("b"), Folder("c")];
        for (var i = 0; i < files.Length; i++)
        {
            File.WriteAllText(files[i], "Anna went to the mill, and Otto to the well."[(7 * i)..]);
        }

        var text = Rnn.Text.TextFile.Read(files);
        Assert.Equal([0, 44, 81], text.Beginnings);
        var settings = Settings(40) with { TextSha256 = text.Sha256, TextLength = text.Length, Vocabulary = text.Vocabulary.ToString(), Beginnings = text.Beginnings, HeldOut = 45, ValidationEvery = 10, Precision = Precision.Double };
        Assert.Equal(8 + 4, settings.StepsPerEpoch);
        using (var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder("run"), settings), settings, text, null, null, null))
        {
            run.Train(() => false);
        }

        var best = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        using var network = Network<double>.Create(best.Shape, 50);
        network.Load(best.Weights<double>(), null);
        network.SetHidden(best.Hidden<double>()!);
        var characters = new int[text.Length];
        text.CopyTo(0, characters);
        var from = (int)(text.Length - 45);
        var sum = network.Forward(characters.AsSpan(from, 80 - from), characters.AsSpan(from + 1, 80 - from));
        network.ResetHidden();
        sum += network.Forward(characters.AsSpan(81, (int)text.Length - 82), characters.AsSpan(82));
        Assert.Equal(sum / 43, RunFolder.Open(Folder("run")).ReadMetrics().Min(record => record.ValidationLoss)!.Value, 1e-12);
    }

    /// <summary>The newest by number, not by name; those of updates that are done again are gone.</summary>
    [Fact]
    public void The_newest_checkpoints_are_kept()
    {
        var settings = Settings(33) with { CheckpointEvery = new(3, 0), KeptCheckpoints = 3 };
        Begin(Folder("run"), settings, stop: progress => progress.Step == 13);
        Assert.Equal(["step-12.safetensors", "step-13.safetensors", "step-9.safetensors"], Kept());
        File.Copy(Path.Combine(Folder("run"), "step-9.safetensors"), Path.Combine(Folder("run"), "step-40.safetensors"));
        File.WriteAllText(Path.Combine(Folder("run"), "step-mine.safetensors"), "");
        Resume(Folder("run"), settings);
        Assert.Equal(["step-27.safetensors", "step-30.safetensors", "step-33.safetensors", "step-mine.safetensors"], Kept());
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName)), File.ReadAllBytes(Path.Combine(Folder("run"), "step-33.safetensors")));
        Assert.Equal("27", ModelFile.Read(Path.Combine(Folder("run"), "step-27.safetensors")).Metadata["step"]);

        IEnumerable<string> Kept() => Directory.GetFiles(Folder("run"), "step-*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
    }

    /// <summary>Said once, and known at the end, of a run that unlearns what it began with; not of one that learns.</summary>
    [Theory]
    [InlineData(0.1, false)]
    [InlineData(60, true)]
    public void A_loss_above_that_of_the_beginning_is_said_once(double eta, bool isWorse)
    {
        var settings = Settings(12_000) with { Eta = eta, SampleEvery = 0, LogEvery = 100 };
        var watcher = new Watcher();
        using var run = TrainingRun<float>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder("run"), settings), settings, SmallText, null, null, watcher);
        var result = run.Train(() => false);
        var first = RunFolder.Open(Folder("run")).ReadMetrics().First().SmoothLoss;
        Assert.Equal(isWorse, result.Progress.SmoothLoss > first);
        Assert.Equal(isWorse ? new RiseNotice(12_000, result.Progress.SmoothLoss, first) : null, result.Rise);
        Assert.Equal(isWorse ? [10_000L] : [], watcher.Notices.Select(notice => notice.Step));
    }

    private sealed class Watcher : ITrainingObserver
    {
        public List<RiseNotice> Notices { get; } = [];

        public void Started(TrainingStart start)
        {
        }

        public void Advanced(in TrainingProgress progress)
        {
        }

        public void Logged(MetricsRecord record)
        {
        }

        public void Sampled(SampleRecord record)
        {
        }

        public void Noticed(RiseNotice notice) => Notices.Add(notice);

        public void Finished(TrainingResult result)
        {
        }
    }
}
