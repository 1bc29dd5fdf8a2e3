namespace CharRnn.Rnn.Training;

/// <summary>
/// How the right side of a product lies: registers of its columns in panels, and in each panel one row of registers for each element
/// of the depth, one behind the other. A row of the left side meets a panel from its first byte to its last.
/// </summary>
internal sealed class PanelLayout
{
    /// <summary>Rows that are one piece of work: a panel of them is a block, which has one worker's gradient, update and all.</summary>
    public const int GroupRows = 32;

    private readonly int[] _panelOf;

    /// <summary>Panels that hold groups of registers together where they fit.</summary>
    /// <param name="registers">Registers across.</param>
    /// <param name="group">Registers that belong together, such as those of all gates for the same units.</param>
    /// <param name="depth">Elements of the depth.</param>
    /// <param name="lanes">Elements in a register.</param>
    /// <param name="most">The most registers in a panel.</param>
    public PanelLayout(int registers, int group, int depth, int lanes, int most)
    {
        (Registers, Depth, Lanes) = (registers, depth, lanes);
        var groups = Math.Max(1, most / group);
        var panels = new List<Panel>();
        var perSet = Spread(registers / group, groups);
        var start = 0;
        foreach (var set in perSet)
        {
            foreach (var width in Spread(set * group, most))
            {
                panels.Add(new(start, width));
                start += width;
            }
        }

        Panels = [.. panels];
        _panelOf = new int[registers];
        for (var panel = 0; panel < Panels.Count; panel++)
        {
            _panelOf.AsSpan(Panels[panel].Start, Panels[panel].Width).Fill(panel);
        }
    }

    /// <summary>A panel: its first register and how many it has.</summary>
    internal readonly record struct Panel(int Start, int Width);

    public int Registers { get; }

    public int Depth { get; }

    public int Lanes { get; }

    public IReadOnlyList<Panel> Panels { get; }

    /// <summary>Elements of the whole.</summary>
    public long Length => (long)Registers * Depth * Lanes;

    /// <summary>How many groups of rows a panel has.</summary>
    public int Groups => (Depth + GroupRows - 1) / GroupRows;

    /// <summary>Rows of a group; the last may have fewer than <see cref="GroupRows"/>.</summary>
    public int RowsOf(int group) => Math.Min(GroupRows, Depth - (group * GroupRows));

    /// <summary>How many blocks there are, a panel's one behind the other, panel after panel.</summary>
    public int Blocks => Panels.Count * Groups;

    /// <summary>Where a block starts; after the last, where the whole ends.</summary>
    public nint BlockOffset(int block) => block == Blocks ? (nint)Length : Offset(Panels[block / Groups]) + (block % Groups * GroupRows * (nint)Panels[block / Groups].Width * Lanes);

    /// <summary>Where a panel starts.</summary>
    public nint Offset(Panel panel) => (nint)panel.Start * Depth * Lanes;

    /// <summary>Where the first lane of a register lies at the first element of the depth, and how far it is to the next element of the depth.</summary>
    public (nint Offset, nint Step) Register(int register)
    {
        var panel = Panels[_panelOf[register]];
        return (Offset(panel) + ((nint)(register - panel.Start) * Lanes), (nint)panel.Width * Lanes);
    }

    /// <summary><paramref name="count"/> in the fewest parts of at most <paramref name="most"/>, equal up to one, larger first.</summary>
    private static int[] Spread(int count, int most)
    {
        var parts = (count + most - 1) / most;
        return [.. Enumerable.Range(0, parts).Select(i => (count / parts) + (i < count % parts ? 1 : 0))];
    }
}
