namespace CharRnn.Rnn.Checkpoints;

/// <summary>Says whether a file is still the same.</summary>
public static class FileHash
{
    /// <summary>SHA-256 of a file, 64 lower-case hexadecimal digits.</summary>
    public static string Sha256(string path)
    {
        var hash = new Text.Sha256();
        using var stream = PhysicalFileSystem.Instance.OpenRead(path);
        var buffer = new byte[1 << 16];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            hash.Append(buffer.AsSpan(0, count));
        }

        return hash.Finish();
    }
}
