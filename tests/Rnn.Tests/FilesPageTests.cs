using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests;

/// <summary>The lines of docs/files.md that read a model, as they stand there.</summary>
public class FilesPageTests
{
    /// <summary>Every file that a run's folder may hold stands on the page.</summary>
    [Fact]
    public void The_files_of_a_run_are_listed()
    {
        var page = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", "files.md"));
        string[] names = [WritingPage.FileName, .. typeof(RunFolder).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
        Assert.True(names.Length > 10);
        Assert.All(names, name => Assert.Contains($"`{name}`", page));
    }

    [NumpyTheory]
    [InlineData("single")]
    [InlineData("double")]
    public void Twelve_lines_of_numpy_read_a_model_and_write_what_sample_writes(string precision)
    {
        var snippet = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", "files.md")).Split("```python\n")[1].Split("```")[0];
        Assert.Equal(12, snippet.Count(character => character == '\n'));
        var folder = Directory.CreateTempSubdirectory("charrnn-files-").FullName;
        try
        {
            var expected = precision == "single" ? Write<float>(folder) : Write<double>(folder);
            Assert.Equal(expected, Python.Run(folder, snippet));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Write<T>(string folder)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        // Large weights and characters of one to four bytes: what is written hangs on all that was read.
        var vocabulary = Vocabulary.FromText("\n aeinorst é日😀");
        var weights = NetworkWeights<T>.Random(new NetworkShape(12, vocabulary.Size), 8);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= T.CreateChecked(60);
            }
        }

        T[] hidden = [.. Enumerable.Range(0, 12).Select(i => T.CreateChecked((i - 6) / 8.0))];
        var file = ModelFile.Create(vocabulary, weights, null, hidden, []);
        File.WriteAllBytes(Path.Combine(folder, "best.safetensors"), file.ToBytes());
        using var network = Network<T>.Create(weights.Shape, 1);
        network.Load(weights, null);
        network.SetHidden(hidden);
        var writer = new Writer<T>(network, vocabulary, new Sampler(new SamplingSettings { Temperature = 0 }, vocabulary.Size));
        writer.ReadLineEnd();
        var text = string.Concat(writer.Write(200));
        Assert.True(text.EnumerateRunes().Distinct().Count() > 3, text);
        return text;
    }
}
