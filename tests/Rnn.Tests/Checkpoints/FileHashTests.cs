using System.Security.Cryptography;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public class FileHashTests
{
    /// <summary>Of a file that is read in several pieces.</summary>
    [Fact]
    public void A_file_has_the_hash_of_its_bytes()
    {
        var path = Path.GetTempFileName();
        try
        {
            byte[] bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];
            File.WriteAllBytes(path, bytes);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), FileHash.Sha256(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
