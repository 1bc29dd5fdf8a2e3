namespace CharRnn.Rnn.Cells;

/// <summary>The cells that come with the program.</summary>
public static class BuiltInCells
{
    /// <summary>All of them, the simplest first.</summary>
    public static IReadOnlyList<CellDescription> All { get; } = [Vanilla.Description, Gru.Description, GruBefore.Description, Lstm.Description];

    /// <summary>The cell of that name, or null.</summary>
    public static CellDescription? Find(string name) => All.FirstOrDefault(cell => cell.Name == name);
}
