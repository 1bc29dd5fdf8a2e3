using System.Globalization;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.Html;
using static CharRnn.Rnn.Reports.HandIn.HandInBlock;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>What an examiner wants to read of a run, in a few pages: the same content for HTML and for LaTeX.</summary>
public sealed class HandInDocument
{
    private HandInDocument(ReportRun run, string author, string date, string version, IReadOnlyList<HandInBlock> blocks) =>
        (Run, Author, Date, Version, Blocks) = (run, author, date, version, blocks);

    /// <summary>Who hands it in; empty where that was not said.</summary>
    internal string Author { get; }

    /// <summary>When it was written, in words.</summary>
    internal string Date { get; }

    /// <summary>The program that trained and wrote.</summary>
    internal string Version { get; }

    /// <summary>What it is about.</summary>
    internal string Title => $"A recurrent network learns to write like {Run.TextName}";

    internal ReportRun Run { get; }

    internal IReadOnlyList<HandInBlock> Blocks { get; }

    /// <summary>Composes the document.</summary>
    /// <param name="run">The run, with its configuration.</param>
    /// <param name="author">Who hands it in; empty leaves the name out.</param>
    /// <param name="date">The day it is dated.</param>
    /// <param name="version">The program's version line.</param>
    public static HandInDocument Of(ReportRun run, string author, DateOnly date, string version) => new(run, author, date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture), version,
    [
        .. Network(run),
        .. Check(run),
        .. Loss(run),
        .. Texts(run),
        new Discussion("Discussion", Observations.Of(run), "What do these observations show? Write it here."),
    ]);

    /// <summary>The document as one HTML file that needs nothing else; printed on A4 the default run takes at most four pages.</summary>
    public string ToHtml() => Seal.Html(HandInHtml.Write(this));

    /// <summary>The document as a LaTeX file for pdflatex with Debian's texlive-latex-base and texlive-pictures; ASCII only.</summary>
    public string ToLatex() => Seal.Latex(HandInLatex.Write(this));

    /// <summary>The smooth loss as a table of comma-separated values: every update that was logged.</summary>
    public string ToLossTable() => LossTableHead + string.Concat(Run.Losses.Select(point =>
        string.Create(CultureInfo.InvariantCulture, $"{point.Step},{point.Epoch},{point.Loss:R},{point.SmoothLoss:R}\n")));

    /// <summary>How every such table begins: by this a file is known as one.</summary>
    public const string LossTableHead = "update,epoch,loss,smooth_loss\n";

    private static IEnumerable<HandInBlock> Network(ReportRun run)
    {
        long m = run.HiddenSize, k = run.VocabularySize;
        var shape = run.Configuration?.Shape(run.VocabularySize) ?? new NetworkShape(run.HiddenSize, run.VocabularySize);
        yield return new Heading("The network");
        yield return new Paragraph(Sentence.Of($"The text, {run.TextName}, has {run.TextLength:#,0} characters, $K = {k}$ of them distinct. The network reads it one character at a time, each as a vector $x_t$ with a single one in it, and says how likely each character is to come next. Its hidden state $h_t$ has $m = {m}$ units:"));
        yield return new Equations(
        [
            .. shape.IsVanilla ? ["a_t = W h_{t-1} + U x_t + b", "h_t = \\tanh(a_t)"] : CellFormulas.Of(shape.Cell),
            $"o_t = V {shape.Cell.States[0]}_t + c",
            "p_t = \\mathrm{softmax}(o_t)",
        ]);
        yield return new Paragraph(Numbers(shape));
        yield return new Paragraph(Sentence.Of($"The text is cut into chunks of {run.SequenceLength} characters, {(run.TextLength - 1) / run.SequenceLength:#,0} an epoch; the state is carried from chunk to chunk and set to zero where an epoch begins. {(run.Steps > 0 ? $"The run did {run.Steps:#,0} updates, one a chunk: it read the text {Markup.Times(run.Epochs)}." : "")}"));
        if (run.Configuration is { } settings)
        {
            foreach (var block in TrainingRule.Describe(settings))
            {
                yield return block;
            }
        }
    }

    private static Sentence Numbers(NetworkShape shape)
    {
        long m = shape.HiddenSize, k = shape.VocabularySize, count = shape.Parameters.Sum(parameter => parameter.Count);
        return shape.IsVanilla
            ? Sentence.Of($"Together $W$ ({m} by {m}), $U$ ({m} by {k}), $V$ ({k} by {m}), $b$ and $c$ are {count:#,0} numbers.")
            : Sentence.Of($"Here $\\sigma(a) = 1 / (1 + e^{{-a}})$, and $\\odot$ multiplies element by element. Matrices on a state are {m} by {m}, those on $x_t$ {m} by {k}, $V$ is {k} by {m}.{(shape.Layers == 1 ? "" : $" There are {shape.Layers} such layers: above the first, each reads the state of the one below in the place of the character, by matrices of {m} by {m}.")} Together they are {count:#,0} numbers.");
    }

    private static IEnumerable<HandInBlock> Check(ReportRun run)
    {
        yield return new Heading("Are the gradients right?");
        if (run.Gradients is not { } check)
        {
            yield return new Paragraph(Sentence.Of($"They have not been checked yet. This command checks them; then write the hand-in again: {run.GradientCommand}"));
            yield break;
        }

        yield return new Paragraph(Sentence.Of($"{(check.Ok ? "Yes." : "No.")} Every element of every gradient $g$ of a network of {check.HiddenSize} hidden units, {check.VocabularySize} characters and chunks of {check.SequenceLength} was compared with the centred difference $n$ of step {check.Step:0E+0}, with the derivative by dual numbers $d$, which has no step, and with a real update in single precision. The initial state was held fixed, once at zero and once at the value carried from the chunk before."));
        var batches = check.Parameters.Select(row => row.Batch).Distinct().Order().ToArray();
        yield return new Table(
            Sentence.Of($"For each parameter, with $h_0 = 0$ and with $h_0$ carried: the norm ratio $\\|g - n\\| / (\\|g\\| + \\|n\\|)$, the largest relative error $|g - n| / \\max(10^{{-8}}, |g| + |n|)$ and the norm ratio against $d$. Rounding of the differences bounds the first two from below."),
            [
                Sentence.Text("parameter"),
                .. batches.SelectMany(batch => (Sentence[])
                [
                    Sentence.Of($"norm ratio, {Start(batch)}"), Sentence.Of($"largest relative, {Start(batch)}"), Sentence.Of($"against $d$, {Start(batch)}"),
                ]),
                Sentence.Text("verdict"),
            ],
            [.. check.Parameters.GroupBy(row => row.Name).Select(rows => Row(rows.Key, [.. rows.OrderBy(row => row.Batch)]))]);

        static string Start(int batch) => batch == 1 ? "zero" : "carried";

        static IReadOnlyList<Sentence> Row(string name, GradientRow[] rows) =>
        [
            Sentence.Math(name),
            .. rows.SelectMany(row => (Sentence[])[Sentence.Scientific(row.NormRatio), Sentence.Scientific(row.LargestRelativeError), Sentence.Scientific(row.DualNormRatio)]),
            Sentence.Text(rows.All(row => row.Ok) ? "right" : "WRONG"),
        ];
    }

    private static IEnumerable<HandInBlock> Loss(ReportRun run)
    {
        if (!run.Losses.Any(point => double.IsFinite(point.SmoothLoss)))
        {
            yield break;
        }

        yield return new Heading("The smooth loss");
        yield return new Figure(Sentence.Of($"The smooth loss, 0.999 of the one before and 0.001 of the update's loss, started at the first loss; in nats, {(run.HasMeanLoss ? "the mean" : "summed")} over the {run.SequenceLength} characters of a chunk. It starts at {run.Fixed(run.Losses[0].SmoothLoss)} and ends at {run.Fixed(run.Losses[^1].SmoothLoss)}; the ring marks the lowest, {run.Fixed(run.BestSmoothLoss)} at update {run.BestStep:#,0}, which is {run.BitsPerCharacter(run.BestSmoothLoss):0.00} bits a character. Dotted: where an epoch begins."));
    }

    private static IEnumerable<HandInBlock> Texts(ReportRun run)
    {
        int[] shown = [.. Enumerable.Range(0, run.Samples.Count).Where(i => SampleChoice.IsAskedFor(run, i))];
        if (shown.Length > 0)
        {
            yield return new Heading("The text as it grows");
            yield return new Paragraph(Sentence.Of($"Each sample starts from the state carried then and from the next chunk's first character; each character is drawn with the probability that the network gives it."));
            yield return new Samples([.. shown.Select(i => (Head(run, run.Samples[i]), run.Samples[i].Text))]);
        }

        if (run.BestPassage is { Length: > 0 } passage)
        {
            yield return new Heading($"{Markup.Whole(passage.EnumerateRunes().Count())} characters from the weights of the lowest loss");
            yield return new Passage(passage);
        }
    }

    private static Sentence Head(ReportRun run, WrittenSample sample) =>
        Sentence.Of($"{(sample.Step > run.Steps ? $"After update {run.Steps:#,0}" : $"Before update {sample.Step:#,0}")}{(double.IsFinite(sample.SmoothLoss) ? $", smooth loss {run.Fixed(sample.SmoothLoss)}" : "")}");
}
