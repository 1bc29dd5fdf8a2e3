namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>A part of the hand-in, before it is HTML or LaTeX.</summary>
internal abstract record HandInBlock
{
    /// <summary>The heading of a section.</summary>
    public sealed record Heading(string Title) : HandInBlock;

    /// <summary>A paragraph.</summary>
    public sealed record Paragraph(Sentence Content) : HandInBlock;

    /// <summary>Formulas, a line each.</summary>
    public sealed record Equations(IReadOnlyList<string> Formulas) : HandInBlock;

    /// <summary>A table. Its first column names the rows.</summary>
    public sealed record Table(Sentence Caption, IReadOnlyList<Sentence> Columns, IReadOnlyList<IReadOnlyList<Sentence>> Rows) : HandInBlock;

    /// <summary>The curve of the loss.</summary>
    public sealed record Figure(Sentence Caption) : HandInBlock;

    /// <summary>What the network wrote at several updates, each text under its head.</summary>
    public sealed record Samples(IReadOnlyList<(Sentence Head, string Text)> Texts) : HandInBlock;

    /// <summary>A long text that the network wrote.</summary>
    public sealed record Passage(string Text) : HandInBlock;

    /// <summary>What the run itself shows, and room for what the author makes of it.</summary>
    public sealed record Discussion(string Title, IReadOnlyList<Sentence> Observations, string Invitation) : HandInBlock;
}
