namespace CharRnn.Rnn.Checkpoints;

/// <summary>A file is no safetensors file, or no model of this program. The message is one line.</summary>
public sealed class SafetensorsException(SafetensorsRule rule, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The rule that the file breaks.</summary>
    public SafetensorsRule Rule { get; } = rule;
}
