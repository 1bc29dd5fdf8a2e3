namespace CharRnn.Rnn.Model;

/// <summary>The sizes that fix a network's parameters.</summary>
/// <param name="HiddenSize">m, the number of hidden units.</param>
/// <param name="VocabularySize">K, the number of distinct characters.</param>
public readonly record struct NetworkShape(int HiddenSize, int VocabularySize)
{
    /// <summary>How many numbers W, U, V, b and c have together.</summary>
    public long ParameterCount => ((long)HiddenSize * HiddenSize) + (2L * HiddenSize * VocabularySize) + HiddenSize + VocabularySize;

    /// <summary>The shape as the build property writes it, such as <c>100x80</c>.</summary>
    public override string ToString() => $"{HiddenSize}x{VocabularySize}";
}
