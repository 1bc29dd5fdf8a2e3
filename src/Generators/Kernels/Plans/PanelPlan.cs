using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels.Plans;

/// <summary>
/// Columns cut into panels of whole registers. Where the columns do not fill the last register, it ends where the row ends and
/// overlaps the one before it, which is always in the same panel: the overlapping lanes are computed twice, alike.
/// </summary>
/// <param name="Lanes">Elements a register.</param>
/// <param name="Tail">Columns that only the overlapping register covers; 0 when there is none.</param>
/// <param name="Panels">Runs of equal panels, from the first column to the last. One with an overlapping register stands alone.</param>
internal sealed record PanelPlan(int Lanes, int Tail, EquatableArray<Panel> Panels)
{
    public static PanelPlan For(int columns, ElementType element, VectorForm form, int mostRegisters)
    {
        var lanes = form.Lanes(element);
        var tail = columns % lanes;
        var panels = new List<Panel>();
        var start = 0;
        foreach (var (size, count) in Partition.Even((columns / lanes) + (tail > 0 ? 1 : 0), mostRegisters))
        {
            panels.Add(new(start, size, count, 0));
            start += size * count * lanes;
        }

        if (tail > 0)
        {
            var last = panels[panels.Count - 1];
            panels.RemoveAt(panels.Count - 1);
            if (last.Count > 1)
            {
                panels.Add(last with { Count = last.Count - 1 });
            }

            panels.Add(new(last.Start + ((last.Count - 1) * last.Registers * lanes), last.Registers, 1, tail));
        }

        return new(lanes, tail, new([.. panels]));
    }

    /// <summary>All columns lie in one panel.</summary>
    public bool IsWhole => Panels.Count == 1 && Panels[0].Count == 1;

    /// <summary>Where register <paramref name="index"/> of a panel begins, from the panel's first column.</summary>
    public int Offset(Panel panel, int index) =>
        (index * Lanes) - (panel.Tail > 0 && index == panel.Registers - 1 ? Lanes - panel.Tail : 0);

    /// <summary>The panels in words, such as <c>16 + 8 registers (the last overlapping)</c>.</summary>
    public string Describe()
    {
        var panels = string.Join(" + ", Panels.Select(panel => panel.Count == 1 ? $"{panel.Registers}" : $"{panel.Count} x {panel.Registers}"));
        return $"{panels} {(Lanes == 1 ? "element" : "register")}{(panels == "1" ? string.Empty : "s")}{(Tail > 0 ? " (the last overlapping)" : string.Empty)}";
    }

    /// <summary>Columns that a panel covers.</summary>
    public int Width(Panel panel) => Offset(panel, panel.Registers - 1) + Lanes;
}

/// <summary>A run of equal panels.</summary>
/// <param name="Start">The first column.</param>
/// <param name="Registers">Registers across.</param>
/// <param name="Count">Panels.</param>
/// <param name="Tail">Columns of the last register that no other covers; 0 when it does not overlap.</param>
internal sealed record Panel(int Start, int Registers, int Count, int Tail);
