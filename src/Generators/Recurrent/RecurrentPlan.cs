using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>
/// What the kernels of a compiled-in shape do, as numbers: a pure function of shape, element type and register form. The
/// emitter follows it, the emitted class quotes it, and its tests hold it against the registers that there are. Where a
/// number was chosen by measurement, the member of <see cref="TilePlan"/> that chooses it names the command.
/// </summary>
/// <param name="BlockRows">R, rows of a block of W; a block is a register.</param>
/// <param name="BlockColumns">C, columns of a block of W: as many as 128 bits hold.</param>
/// <param name="RowBlocks">Blocks of W one below the other.</param>
/// <param name="ColumnBlocks">Blocks of W side by side.</param>
/// <param name="RowStride">Elements from one row of blocks of W to the next.</param>
/// <param name="HiddenStride">Elements of a row of m numbers, padded to whole registers.</param>
/// <param name="VocabularyStride">Elements of a row of K numbers, padded to whole registers.</param>
/// <param name="Pass">Rows of blocks in each pass of W h but the last.</param>
/// <param name="LastPass">Rows of blocks in the last pass of W h.</param>
/// <param name="BackwardPanels">Blocks across in each panel of W' dz.</param>
/// <param name="Logits">Tiles of O = H V' + c, over time steps.</param>
/// <param name="HiddenGradient">Tiles of dH = G V, over time steps.</param>
/// <param name="UpdateV">Tiles of dV' with AdaGrad, over the m rows.</param>
/// <param name="UpdateW">Tiles of dW with AdaGrad, over its blocks.</param>
internal sealed record RecurrentPlan(
    int BlockRows,
    int BlockColumns,
    int RowBlocks,
    int ColumnBlocks,
    int RowStride,
    int HiddenStride,
    int VocabularyStride,
    int Pass,
    int LastPass,
    EquatableArray<int> BackwardPanels,
    Tiling Logits,
    Tiling HiddenGradient,
    Tiling UpdateV,
    Tiling UpdateW)
{
    public static RecurrentPlan For(FixedShape shape, ElementType type, VectorForm form)
    {
        var lanes = form.Lanes(type);
        var columns = TilePlan.BlockColumns(type, form);
        var rows = lanes / columns;
        var (rowBlocks, columnBlocks) = (Parts(shape.HiddenSize, rows), Parts(shape.HiddenSize, columns));
        var (hidden, vocabulary) = (Parts(shape.HiddenSize, lanes), Parts(shape.VocabularySize, lanes));
        return new RecurrentPlan(
            rows,
            columns,
            rowBlocks,
            columnBlocks,
            RowStride: (columnBlocks + (columnBlocks * rows % 128 == 0 ? 1 : 0)) * lanes,
            HiddenStride: hidden * lanes,
            VocabularyStride: vocabulary * lanes,
            TilePlan.PassBlocks(form),
            TilePlan.LastPass(form, rowBlocks),
            new(TilePlan.Panels(columnBlocks, rows, TilePlan.MostPanelBlocks(form))),
            Product(vocabulary),
            Product(hidden),
            Update(vocabulary),
            Update(rowBlocks));

        Tiling Product(int registers) => new(new(TilePlan.Split(registers, TilePlan.MostColumns(form))), across => TilePlan.MostTileRows(form, across));
        Tiling Update(int registers) => new(new(TilePlan.Split(registers, TilePlan.MostUpdateColumns(form))), across => TilePlan.MostUpdateRows(form, across));
    }

    /// <summary>The lines that stand above the emitted class.</summary>
    public IEnumerable<string> Comment()
    {
        yield return $"W: {RowBlocks} x {ColumnBlocks} blocks of {BlockRows} x {BlockColumns}. m is padded to {HiddenStride}, K to {VocabularyStride}.";
        yield return RowBlocks > LastPass
            ? $"W h: passes of {Pass} rows of blocks, the last of {LastPass}. W' dz: panels of {string.Join(", ", BackwardPanels.Select(panel => $"{panel}"))} blocks across."
            : $"W h: one pass of {LastPass} rows of blocks. W' dz: panels of {string.Join(", ", BackwardPanels.Select(panel => $"{panel}"))} blocks across.";
        yield return $"Tiles, the most rows x registers across: O {Logits}; dH {HiddenGradient}; dV {UpdateV}; dW {UpdateW}.";
    }

    private static int Parts(int size, int unit) => (size + unit - 1) / unit;
}

/// <summary>Register tiles of a product: its registers across in panels, and how many rows a tile of each panel may have.</summary>
internal sealed record Tiling(EquatableArray<int> Panels, EquatableArray<int> Rows)
{
    public Tiling(EquatableArray<int> panels, Func<int, int> rows)
        : this(panels, new EquatableArray<int>([.. panels.Select(rows)]))
    {
    }

    /// <summary>Such as <c>5x5</c>, or <c>5x4 and 7x3</c>.</summary>
    public override string ToString() => string.Join(" and ", Panels.Zip(Rows, (across, rows) => $"{rows}x{across}").Distinct());
}
