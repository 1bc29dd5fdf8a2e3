using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>Texts as people have them, and models that meet texts they do not know.</summary>
public sealed class ManyTextsTests : ProcessFixture
{
    private const string Small = "--hidden 8 --seq-length 10 --sample-every 0 --quiet";

    private void Write(string name, string text) => File.WriteAllText(InFolder(name), text);

    [Fact]
    public void Files_and_folders_are_one_text_and_a_run_of_them_goes_on()
    {
        Directory.CreateDirectory(InFolder("books"));
        Write("a.txt", string.Concat(Enumerable.Repeat("The boats ran under old stone. ", 5)));
        Write("books/b.txt", string.Concat(Enumerable.Repeat("One small lamp, salt and rope. ", 5)));
        using (var packed = new GZipStream(File.Create(InFolder("books/c.txt.gz")), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Who came home? ", 9))));
        }

        Assert.Equal(0, Charrnn($"train a.txt books --out whole --steps 60 {Small}").ExitCode);
        Assert.Equal(0, Charrnn($"train a.txt books --out run --steps 20 {Small}").ExitCode);
        Assert.Equal(0, Charrnn("train --resume run --steps 60 --quiet").ExitCode);
        Assert.Equal(File.ReadAllBytes(InFolder("whole/last.safetensors")), File.ReadAllBytes(InFolder("run/last.safetensors")));
        var settings = RunFolder.Open(InFolder("run")).Configuration;
        Assert.Equal([0, 155, 310], settings.Beginnings);
        Assert.Equal([InFolder("a.txt"), InFolder("books")], settings.TextPaths.Select(Path.GetFullPath));
        // The same characters cut elsewhere are another text.
        Write("joined", File.ReadAllText(InFolder("a.txt")) + File.ReadAllText(InFolder("books/b.txt")) + string.Concat(Enumerable.Repeat("Who came home? ", 9)));
        AssertOneLine(2, Charrnn("train joined --resume run --steps 70 --quiet"), "is the text of this run in other files: 1, the run's were 3");
        AssertOneLine(2, Charrnn($"train a.txt - --out x {Small}"), "standard input (-) is a text of its own");
        Assert.Contains("(445 characters", File.ReadAllText(InFolder(Charrnn("report run").Output.Trim())));
    }

    [Fact]
    public void Unknown_characters_are_a_mistake_or_skipped_in_every_command()
    {
        Write("known", string.Concat(Enumerable.Repeat("the boats ran home ", 20)));
        Write("strange", string.Concat(Enumerable.Repeat("the böats ran hömé ", 20)));
        Write("plain", string.Concat(Enumerable.Repeat("the bats ran hm ", 20)));
        Assert.Equal(0, Charrnn($"train known --out run --steps 50 {Small}").ExitCode);

        AssertOneLine(2, Charrnn("eval run strange"), "'ö' (U+00F6), 'é' (U+00E9) are in the text but not in the model's vocabulary of 11 characters; --unknown skip leaves them out");
        var (exitCode, output, error) = Charrnn("eval run strange --unknown skip");
        Assert.Equal((0, Charrnn("eval run plain").Output), (exitCode, output));
        Assert.StartsWith("charrnn: skipped 60 characters of strange that the model does not know\n", error, StringComparison.Ordinal);

        AssertOneLine(2, Charrnn("sample run --prime bö --length 5"), "or --unknown skip");
        Assert.Equal("bö" + Charrnn("sample run --prime b --length 5").Output[1..], Charrnn("sample run --prime bö --length 5 --unknown skip").Output);

        AssertOneLine(2, Charrnn($"train known --validation strange --out v --steps 20 {Small}"), "--unknown skip");
        Assert.Equal(0, Charrnn($"train known --validation strange --unknown skip --validation-every 5 --out v --steps 20 {Small}").ExitCode);
        Assert.Equal(0, Charrnn($"train known --validation plain --validation-every 5 --out p --steps 20 {Small}").ExitCode);
        Assert.Equal(Validations("p"), Validations("v"));
        Assert.Equal(0, Charrnn("train --resume v --steps 30 --quiet").ExitCode);
        Assert.Equal(6, Validations("v").Length);

        AssertOneLine(2, Charrnn($"train strange --init run --out s --steps 20 {Small}"), "--extend-vocabulary learns them");
        Assert.Equal(0, Charrnn($"train strange --init run --unknown skip --out s --steps 20 {Small}").ExitCode);
        Assert.Equal(0, Charrnn("train --resume s --steps 30 --quiet").ExitCode);
        Assert.Equal(11, ModelFile.Read(InFolder("s/last.safetensors")).Vocabulary.Size);
    }

    [Fact]
    public void A_vocabulary_is_extended()
    {
        Write("known", string.Concat(Enumerable.Repeat("the boats ran home ", 20)));
        Write("strange", string.Concat(Enumerable.Repeat("the böats ran hömé ", 20)));
        Assert.Equal(0, Charrnn($"train known --out run --steps 50 {Small}").ExitCode);
        Assert.Equal(0, Charrnn($"train strange --init run --extend-vocabulary --out new --steps 0 {Small}").ExitCode);
        var (before, after) = (ModelFile.Read(InFolder("run/last.safetensors")), ModelFile.Read(InFolder("new/last.safetensors")));
        Assert.Equal(before.Vocabulary + "éö", after.Vocabulary.ToString());
        Assert.Equal(before.Weights<float>()["W"], after.Weights<float>()["W"]);
        Assert.Equal(before.Slots<float>("adagrad")![0]["W"], after.Slots<float>("adagrad")![0]["W"]);
        Assert.Equal(0, Charrnn("train --resume new --steps 200 --quiet").ExitCode);
        Assert.Equal(0, Charrnn($"train strange --init run --extend-vocabulary --out whole --steps 200 {Small}").ExitCode);
        Assert.Equal(File.ReadAllBytes(InFolder("whole/last.safetensors")), File.ReadAllBytes(InFolder("new/last.safetensors")));
        AssertOneLine(2, Charrnn($"train strange --extend-vocabulary --out x {Small}"), "give --init too");
    }

    /// <summary>The best weights have no slots; those of the run's last state come along, so that the first update is not that of a stranger.</summary>
    [Fact]
    public void The_best_weights_of_a_run_begin_with_its_slots()
    {
        Write("known", string.Concat(Enumerable.Repeat("the boats ran home ", 20)));
        Assert.Equal(0, Charrnn($"train known --out run --steps 500 {Small}").ExitCode);
        Assert.Equal(0, Charrnn($"train known --init run/best.safetensors --out b --steps 0 {Small}").ExitCode);
        Assert.Equal(ModelFile.Read(InFolder("run/last.safetensors")).Slots<float>("adagrad")![0]["W"], ModelFile.Read(InFolder("b/last.safetensors")).Slots<float>("adagrad")![0]["W"]);
        Assert.Equal(0, RunFolder.Open(InFolder("b")).Configuration.WarmUp);
        Assert.Equal(0, Charrnn($"train known --init run --optimizer adam --out a --steps 0 {Small}").ExitCode);
        Assert.Equal(RunConfiguration.WarmUpOfStrangers, RunFolder.Open(InFolder("a")).Configuration.WarmUp);
    }

    [Fact]
    public void Many_models_and_texts_make_a_table()
    {
        Write("one", string.Concat(Enumerable.Repeat("the boats ran home ", 20)));
        Write("two", string.Concat(Enumerable.Repeat("home ran the boats ", 40)));
        Assert.Equal(0, Charrnn($"train one --out run --steps 60 --checkpoint-every 20 --keep-checkpoints 2 {Small}").ExitCode);
        string[] models = ["run/step-40.safetensors", "run/step-60.safetensors"];
        var (exitCode, output, error) = Charrnn($"eval {models[0]} {models[1]} one two");
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        using var json = JsonDocument.Parse(Charrnn($"eval {models[0]} {models[1]} one two --json").Output);
        JsonElement[] results = [.. json.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(models.SelectMany(model => (string[])[$"{model} one", $"{model} two"]), results.Select(result => $"{result.GetProperty("model")} {result.GetProperty("text")}"));
        for (var i = 0; i < 2; i++)
        {
            var both = results[2 * i].GetProperty("mean_loss").GetDouble() * 379 + results[(2 * i) + 1].GetProperty("mean_loss").GetDouble() * 759;
            Assert.Equal(["run/step-" + (i == 0 ? "40" : "60") + ".safetensors", "all", "1138", FormattableString.Invariant($"{both / 1138:0.00000}")], lines[(3 * i) + 3].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..4]);
            Assert.Equal(results[2 * i].GetProperty("mean_loss").GetDouble(), JsonDocument.Parse(Charrnn($"eval {models[i]} one --json").Output).RootElement.GetProperty("mean_loss").GetDouble());
        }

        AssertOneLine(2, Charrnn($"eval {models[0]} {models[1]}"), "all that was given are models");
    }

    private double[] Validations(string run) => [.. RunFolder.Open(InFolder(run)).ReadMetrics().Select(record => record.ValidationLoss).OfType<double>()];
}
