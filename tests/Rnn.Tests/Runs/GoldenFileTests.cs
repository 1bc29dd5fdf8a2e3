using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>
/// The bytes of the whole checkpoint after 200 updates on the built-in tale, as <c>charrnn train --steps 200 --seed 1</c> leaves it: weights,
/// slots, state and all that is said of them. Where they must change, this is where it is said so.
/// </summary>
public sealed class GoldenFileTests : RunFixture
{
    [X64FmaTheory]
    [InlineData("Vector512", "12513263847e4b5b")]
    [InlineData("Vector256", "8b25e88f5a0bc4f0")]
    [InlineData("Vector128", "1fa1c37b36df9af6")]
    [InlineData("Scalar", "270c54859222f06c")]
    public void The_checkpoint_is_the_same_bytes(string form, string expected)
    {
        var text = BuiltInText.Read();
        if (CompiledKernels.AllSingle(new NetworkShape(100, text.Vocabulary.Size)).FirstOrDefault(kernels => kernels.InstructionSet == form) is not { } kernels)
        {
            return;   // this processor cannot run it
        }

        var settings = new RunConfiguration { TextSha256 = text.Sha256, TextLength = text.Length, Vocabulary = text.Vocabulary.ToString(), Steps = 200, Seed = 1 };
        using (var writer = RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), settings))
        using (var run = TrainingRun<float>.Begin(writer, settings, text, null, new(kernels, 1), null))
        {
            run.Train(() => false);
        }

        Assert.Equal(expected, FileHash.Sha256(RunFolder.Open(Folder("run")).LastWeights)[..16]);
    }
}
