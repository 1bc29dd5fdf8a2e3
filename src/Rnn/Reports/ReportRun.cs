using System.Globalization;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.HiddenUnits;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Speed;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Reports;

/// <summary>All that the report shows of one run. What a run does not have is null or empty.</summary>
public sealed record ReportRun
{
    /// <summary>What the run is called, unique among the runs of a report.</summary>
    public required string Name { get; init; }

    /// <summary>What the text is called.</summary>
    public required string TextName { get; init; }

    /// <summary>Characters of the text.</summary>
    public required long TextLength { get; init; }

    /// <summary>Chunks that each stream reads in an epoch, one an update: each is T characters and the T that follow each by one.</summary>
    public required long UpdatesPerEpoch { get; init; }

    /// <summary>Whether the text is read at one place, from its beginning to its end.</summary>
    public bool IsReadInOrder { get; init; } = true;

    /// <summary>m.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>K.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>T.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>What the run was asked to do; null where that is not known.</summary>
    public RunConfiguration? Configuration { get; init; }

    /// <summary>The settings, in the order in which they are printed.</summary>
    public IReadOnlyList<ReportFact> Settings { get; init; } = [];

    /// <summary>Version, instruction set, processor and the like.</summary>
    public IReadOnlyList<ReportFact> Machine { get; init; } = [];

    /// <summary>The processor's name, where the run recorded it.</summary>
    public string Processor { get; init; } = "";

    /// <summary>The metrics, in the order of their steps.</summary>
    public required IReadOnlyList<LossPoint> Losses { get; init; }

    /// <summary>The samples, in the order of their steps.</summary>
    public IReadOnlyList<WrittenSample> Samples { get; init; } = [];

    /// <summary>What the best weights wrote.</summary>
    public string? BestPassage { get; init; }

    /// <summary>The file beside the report in which the best weights write, null where there is none.</summary>
    public string? WritingPage { get; init; }

    /// <summary>The updates done; 0 where that is only known from the metrics.</summary>
    public long UpdatesDone { get; init; }

    /// <summary>The folder of the run, an absolute path; empty where there is none.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Whether the run's losses are means over the characters of a chunk; otherwise they are sums.</summary>
    public bool HasMeanLoss { get; init; }

    /// <summary>The update with the lowest smooth loss.</summary>
    public long BestStep { get; init; }

    /// <summary>The lowest smooth loss, in nats.</summary>
    public double BestSmoothLoss { get; init; }

    /// <summary>The losses on held-out text, a character, in nats; empty where none was held out.</summary>
    public IReadOnlyList<(long Step, double Loss)> Validations { get; init; } = [];

    /// <summary>The lowest of them, which chose the best weights; null where there are none.</summary>
    public (long Step, double Loss)? BestValidation => Validations.Count > 0 ? Validations.MinBy(validation => validation.Loss) : null;

    /// <summary>A loss on held-out text as the run has its own: of a character, or of the T characters of a chunk.</summary>
    /// <param name="loss">A character, in nats.</param>
    public double AsChunk(double loss) => loss * (HasMeanLoss ? 1 : SequenceLength);

    /// <summary>The words of the text, by which samples are judged.</summary>
    public TextWords? TextWords { get; init; }

    /// <summary>When words were first written.</summary>
    public WordReport? Words { get; init; }

    /// <summary>The hidden units over a passage.</summary>
    public HiddenUnitReport? HiddenUnits { get; init; }

    /// <summary>Why the run went as it did.</summary>
    public RunExplanation? Explanation { get; init; }

    /// <summary>The gradient check that the run's folder has; null where there is none.</summary>
    public GradientReport? Gradients { get; init; }

    /// <summary>Why a gradient check that is there could not be read, a sentence.</summary>
    public string? GradientProblem { get; init; }

    /// <summary>The command that checks the gradients of this network and puts the result into the run's folder.</summary>
    public string GradientCommand { get; init; } = "charrnn gradcheck --json > RUN/gradcheck.json";

    /// <summary>The measurement that the run's folder has; null where there is none.</summary>
    public SpeedReport? Speed { get; init; }

    /// <summary>Why a measurement that is there could not be read, a sentence.</summary>
    public string? SpeedProblem { get; init; }

    /// <summary>The extra tasks that were done; null where they were not.</summary>
    public BonusReport? Bonus { get; init; }

    /// <summary>The command that measures this network's update and puts the result into the run's folder.</summary>
    public string SpeedCommand { get; init; } = "charrnn bench --json > RUN/bench.json";

    /// <summary>Why a section is missing, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The last update.</summary>
    public long Steps => Math.Max(UpdatesDone, Losses.Count == 0 ? 0 : Losses[^1].Step);

    /// <summary>Seconds from the beginning to the last metrics line.</summary>
    public double Seconds => Losses.Count == 0 ? 0 : Losses[^1].Seconds;

    /// <summary>Microseconds an update, with all that was done between updates; not a number where there are no metrics.</summary>
    public double MicrosecondsPerUpdate => Losses.Count == 0 ? double.NaN : Seconds * 1e6 / Losses[^1].Step;

    /// <summary>How often the text was read.</summary>
    public double Epochs => UpdatesPerEpoch is > 0 and var updates ? (double)Steps / updates : 0;

    /// <summary>
    /// Where in the text the chunk of the lowest smooth loss stands. The smooth loss is that of the last few thousand chunks, so this is where
    /// a stretch of the text ends that was easy for the network as it was then.
    /// </summary>
    public string BestPlace
    {
        get
        {
            var chunks = UpdatesPerEpoch;
            if (BestStep <= 0 || chunks <= 0 || !IsReadInOrder)
            {
                return "";
            }

            var chunk = (BestStep - 1) % chunks;
            return string.Create(CultureInfo.InvariantCulture, $"character {(chunk * SequenceLength) + 1:#,0} of the text, {100.0 * chunk / chunks:0} % of the way through it, in epoch {((BestStep - 1) / chunks) + 1:#,0}");
        }
    }

    /// <summary>A loss of the run as it is printed: means with three decimals, sums over a chunk with two; empty where it is not finite.</summary>
    /// <param name="loss">In nats.</param>
    public string Fixed(double loss) => Markup.Fixed(loss, HasMeanLoss ? 3 : 2);

    /// <summary>A loss of the run as bits a character.</summary>
    /// <param name="loss">In nats: the mean of a character, or the sum over the T characters of a chunk.</param>
    public double BitsPerCharacter(double loss) => loss / ((HasMeanLoss ? 1 : SequenceLength) * Math.Log(2));
}
