using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class ExportTests : ProcessFixture
{
    private const string Alphabet = "\n aeinorst";

    private readonly byte[] _model = ModelFile.Create(Vocabulary.FromText(Alphabet), NetworkWeights<float>.Random(new NetworkShape(12, Alphabet.Length), 5), null, [], []).ToBytes();

    public ExportTests() => File.WriteAllBytes(InFolder("model.safetensors"), _model);

    [Theory]
    [InlineData("html", "model.html", "write.html")]
    [InlineData("onnx", "model.onnx", "model.onnx")]
    [InlineData("pytorch", "model.pytorch.safetensors", "model.pytorch.safetensors")]
    public void Each_form_has_its_place_beside_the_model_and_in_a_run(string form, string beside, string inRun)
    {
        Directory.CreateDirectory(InFolder("run"));
        File.WriteAllBytes(InFolder("run/best.safetensors"), _model);
        foreach (var (model, file) in new[] { ("model.safetensors", beside), ("run", Path.Combine("run", inRun)) })
        {
            // What it wrote before is replaced; it tells its own kind.
            for (var i = 0; i < 2; i++)
            {
                var (exitCode, output, error) = Charrnn($"export {model} --to {form}");
                Assert.Equal((0, file + "\n"), (exitCode, output));
                Assert.Equal(form == "html" ? $"next: open {file} in a browser\n" : "", error);
            }

            File.WriteAllText(InFolder(file), "<title>mine</title>");
            AssertOneLine(2, Charrnn($"export {model} --to {form}"), "is there already and not a ");
            Assert.Equal("<title>mine</title>", File.ReadAllText(InFolder(file)));
        }
    }

    [Fact]
    public void What_goes_out_for_PyTorch_comes_back_to_the_byte()
    {
        Assert.Equal(0, Charrnn("export model.safetensors --to pytorch --out torch.safetensors").ExitCode);
        var (exitCode, output, error) = Charrnn("import torch.safetensors");
        Assert.Equal((0, "torch.charrnn.safetensors\n", "next: charrnn sample torch.charrnn.safetensors\n"), (exitCode, output, error));
        var (before, after) = (SafetensorsFile.Read(_model), SafetensorsFile.Read(InFolder("torch.charrnn.safetensors")));
        Assert.Equal(before.Tensors.Select(tensor => tensor.Name), after.Tensors.Select(tensor => tensor.Name));
        Assert.All(before.Tensors.Zip(after.Tensors), pair => Assert.Equal(pair.First.Data.ToArray(), pair.Second.Data.ToArray()));
        Assert.Equal(Charrnn("sample model.safetensors").Output, Charrnn("sample torch.charrnn.safetensors").Output);
        Assert.Equal(0, Charrnn("import torch.safetensors").ExitCode);

        // Without metadata the text says which characters there are.
        File.WriteAllBytes(InFolder("bare.safetensors"), new SafetensorsFile([], SafetensorsFile.Read(InFolder("torch.safetensors")).Tensors).ToBytes());
        AssertOneLine(2, Charrnn("import bare.safetensors"), "bare.safetensors: its metadata has no vocabulary; give --text the text that it learned");
        File.WriteAllText(InFolder("learned.txt"), "a stone in rain\ntin stones");
        AssertOneLine(2, Charrnn("import bare.safetensors --text text.txt"), "reads 10 characters one-hot, but the vocabulary has");
        Assert.Equal(0, Charrnn("import bare.safetensors --text learned.txt --out again.safetensors").ExitCode);
        Assert.Equal(File.ReadAllBytes(InFolder("torch.charrnn.safetensors")), File.ReadAllBytes(InFolder("again.safetensors")));
    }

    /// <summary>A GRU of two layers goes out in every form, comes back, and writes the same; PyTorch's GRU is not the one that resets first.</summary>
    [Fact]
    public void Other_cells_and_layers_go_out_and_come_back()
    {
        foreach (var cell in (string[])["lstm", "gru", "gru-before"])
        {
            var weights = NetworkWeights<float>.Random(new NetworkShape(9, Alphabet.Length) { Cell = BuiltInCells.Find(cell)!, Layers = 2 }, 5, WeightStart.Scaled);
            File.WriteAllBytes(InFolder($"{cell}.safetensors"), ModelFile.Create(Vocabulary.FromText(Alphabet), weights, null, [], []).ToBytes());
            Assert.Equal(0, Charrnn($"export {cell}.safetensors").ExitCode);
            Assert.Equal(0, Charrnn($"export {cell}.safetensors --to onnx").ExitCode);
        }

        foreach (var cell in (string[])["lstm", "gru"])
        {
            Assert.Equal(0, Charrnn($"export {cell}.safetensors --to pytorch --out torch.safetensors").ExitCode);
            Assert.Equal(0, Charrnn($"import torch.safetensors --out {cell}-back.safetensors").ExitCode);
            Assert.Equal(Charrnn($"sample {cell}.safetensors").Output, Charrnn($"sample {cell}-back.safetensors").Output);
        }

        AssertOneLine(2, Charrnn("export gru-before.safetensors --to pytorch"), "gru-before.safetensors cannot be exported: PyTorch has no cell like gru-before");
    }

    /// <summary>A cell of the user's own, as a program of theirs wrote it: no other program has it, and this one neither.</summary>
    [Fact]
    public void An_own_cell_is_refused_by_its_name()
    {
        File.WriteAllBytes(InFolder("own.safetensors"), new SafetensorsFile([new("vocabulary", Alphabet), new("cell", "leaky\u001b[2J")], SafetensorsFile.Read(_model).Tensors).ToBytes());
        foreach (var form in (string[])["html", "onnx", "pytorch"])
        {
            AssertOneLine(2, Charrnn($"export own.safetensors --to {form}"), "own.safetensors: its cell is 'leaky\\u001b[2J', which this program does not have: it knows vanilla, ");
        }
    }

    [Fact]
    public void What_cannot_be_is_one_line()
    {
        File.WriteAllText(InFolder("pickle.pt"), "PK\u0003\u0004 a pickle of PyTorch's");
        foreach (var (arguments, part) in new[]
        {
            ("export none", "no such file"), ("export .", "is a folder without best.safetensors"), ("export text.txt", "not a safetensors file"),
            ("export model.safetensors --to tar", "--to takes html or onnx or pytorch, not 'tar'"), ("export model.safetensors --out .", "is a folder"), ("export", "export needs MODEL"),
            ("import none", "no such file"), ("import pickle.pt", "safetensors.torch.save_file(model.state_dict(), FILE) writes one"), ("import model.safetensors", "no tensor weight_ih_l0"),
            ("import model.safetensors --text none", "no such file"), ("import", "import needs FILE"),
        })
        {
            AssertOneLine(2, Charrnn(arguments), part);
        }
    }

    /// <summary>Beside the report of a run lies a page in which its network writes, and the report leads there.</summary>
    [Fact]
    public void The_report_of_a_run_links_to_a_page_that_writes()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 100 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("report run").ExitCode);
        Assert.Contains("<a href=\"write.html\">", File.ReadAllText(InFolder("run/report.html")));
        var written = File.ReadAllText(InFolder("run/write.html"));
        Assert.Contains("<title>run · CharRnn writes</title>", written);
        Assert.Equal(0, Charrnn("export run").ExitCode);
        Assert.Equal(written, File.ReadAllText(InFolder("run/write.html")));

        // Not elsewhere, where two reports would share one name; and a page of the user's own stays.
        Assert.Equal(0, Charrnn("report run --out elsewhere.html").ExitCode);
        Assert.DoesNotContain("write.html", File.ReadAllText(InFolder("elsewhere.html")));
        File.WriteAllText(InFolder("run/write.html"), "mine");
        AssertOneLine(2, Charrnn("report run"), "write.html is there already and not a page that charrnn wrote");
        Assert.Equal("mine", File.ReadAllText(InFolder("run/write.html")));
    }
}
