using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

/// <summary>
/// The bytes of the textbooks' network after 200 updates on the built-in tale, in every register form: whatever is made of generator and
/// network, the same seed, text and settings give the same weights. Where they must change, this is where it is said so.
/// </summary>
public class GoldenTests
{
    [X64FmaTheory]
    [InlineData("Vector512", "ec40b37ff6dc5f9f")]
    [InlineData("Vector256", "60c6715165d5da10")]
    [InlineData("Vector128", "3281b7f8cfc6dfe4")]
    [InlineData("Scalar", "9bfb53f56c5e1b1c")]
    public void The_weights_are_the_same_bytes(string form, string expected)
    {
        var text = BuiltInText.Read();
        var shape = new NetworkShape(100, text.Vocabulary.Size);
        if (CompiledKernels.AllSingle(shape).FirstOrDefault(kernels => kernels.InstructionSet == form) is not { } kernels)
        {
            return;   // this processor cannot run it
        }

        using var network = new VanillaNetwork<float>(shape, 25, kernels);
        network.Load(NetworkWeights<float>.Random(shape, 1));
        var trainer = new Trainer<float>(network, text, 0.1, 5, TrainingProgress.Start);
        for (var update = 0; update < 200; update++)
        {
            Assert.True(trainer.Advance());
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in network.ExportWeights().Tensors)
        {
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        }

        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }
}
