namespace CharRnn.Rnn.Text;

/// <summary>The tale that comes with the program.</summary>
public static class BuiltInText
{
    /// <summary>What runs, files and messages call it.</summary>
    public const string Name = "tale";

    /// <summary>The tale's UTF-8 bytes.</summary>
    public static Stream Open() => typeof(BuiltInText).Assembly.GetManifestResourceStream("tale.txt")!;

    /// <summary>The tale, encoded.</summary>
    public static EncodedText Read() => TextFile.Read(Open(), Name);
}
