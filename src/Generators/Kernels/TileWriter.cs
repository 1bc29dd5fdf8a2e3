using CharRnn.Generators.Kernels.Plans;
using static CharRnn.Generators.Kernels.BodyWriter;

namespace CharRnn.Generators.Kernels;

/// <summary>
/// A register tile of a product whose right side is walked along its rows: one broadcast element of the left times registers of
/// the right, added into accumulators that stay in registers over the whole depth.
/// </summary>
/// <param name="Rows">Rows of the tile.</param>
/// <param name="Panel">Registers across and where they lie.</param>
/// <param name="Chains">Independent sums an accumulator: the depth is taken that many steps at a time.</param>
/// <param name="Depth">Terms of each sum.</param>
/// <param name="Left">The left pointer's name, and how it moves from row to row and from term to term.</param>
/// <param name="Right">The right pointer's name and its row stride.</param>
internal sealed record Tile(int Rows, Panel Panel, int Chains, int Depth, (string Name, string RowStride, string Step) Left, (string Name, string Stride) Right)
{
    /// <summary>At most this many multiply-adds are written without a loop.</summary>
    private const int MostUnrolled = 64;

    public int Accumulators => Rows * Panel.Registers;

    public bool IsUnrolled => Accumulators * Depth <= MostUnrolled;
}

/// <summary>Writes the sums of a <see cref="Tile"/>.</summary>
internal static class TileWriter
{
    /// <summary>The name of an accumulator.</summary>
    public static string Sum(Tile tile, int row, int register, int chain = 0) =>
        (tile.Rows == 1 ? $"sum{register}" : $"sum{row}_{register}") + Chain(chain);

    /// <summary>Declares the sums and adds up all terms; afterwards chain 0 of each holds the whole sum. Moves the pointers if it loops.</summary>
    public static void WriteSums(BodyWriter body, PanelPlan panels, Tile tile)
    {
        var code = body.Code;
        var declared = new HashSet<string>();
        string Assign(string name) => declared.Add(name) ? $"var {name}" : name;

        void Term(int term, int chain, bool isFirst)
        {
            // A register of the right side that only one row uses is read where it is used.
            string RightAt(int register) => body.Load(At(AtRow(tile.Right.Name, term, tile.Right.Stride), panels.Offset(tile.Panel, register)));
            for (var register = 0; register < tile.Panel.Registers && tile.Rows > 1; register++)
            {
                code.Line($"{Assign($"right{register}")} = {RightAt(register)};");
            }

            for (var row = 0; row < tile.Rows; row++)
            {
                code.Line($"{Assign("element")} = {body.Form.Broadcast(LeftElement(tile, row, term))};");
                for (var register = 0; register < tile.Panel.Registers; register++)
                {
                    var right = tile.Rows > 1 ? $"right{register}" : RightAt(register);
                    var sum = Sum(tile, row, register, chain);
                    code.Line(isFirst ? $"var {sum} = element * {right};" : $"{sum} = {body.Form.MultiplyAdd("element", right, sum)};");
                }
            }
        }

        if (tile.IsUnrolled)
        {
            for (var term = 0; term < tile.Depth; term++)
            {
                Term(term, term % tile.Chains, term < tile.Chains);
            }
        }
        else
        {
            for (var chain = 0; chain < tile.Chains; chain++)
            {
                for (var row = 0; row < tile.Rows; row++)
                {
                    for (var register = 0; register < tile.Panel.Registers; register++)
                    {
                        code.Line($"var {Sum(tile, row, register, chain)} = {body.Form.Zero(body.Element)};");
                    }
                }
            }

            var loops = tile.Depth / tile.Chains;
            using (code.Block($"for (var k = 0; k < {loops}; k++)"))
            {
                for (var chain = 0; chain < tile.Chains; chain++)
                {
                    Term(chain, chain, false);
                }

                code.Line(Advance(tile.Left.Name, tile.Chains, tile.Left.Step));
                code.Line(Advance(tile.Right.Name, tile.Chains, tile.Right.Stride));
            }

            code.Line();
            declared.Clear();
            if (tile.Depth % tile.Chains > 0)
            {
                using var rest = code.Block(string.Empty);
                for (var term = 0; term < tile.Depth % tile.Chains; term++)
                {
                    Term(term, term, false);
                }
            }
        }

        body.MergeChains(
            Enumerable.Range(0, tile.Rows).SelectMany(row => Enumerable.Range(0, tile.Panel.Registers).Select(register =>
                (Func<int, string>)(chain => Sum(tile, row, register, chain)))),
            tile.Chains);
    }

    /// <summary>Stores one row of a tile. An overlapping last register takes what it adds to before its neighbour is stored.</summary>
    public static void WriteRow(BodyWriter body, PanelPlan panels, Panel panel, string pointer, Func<int, string> sum)
    {
        var last = panel.Registers - 1;
        var overlaps = panel.Tail > 0;
        if (overlaps && body.HasEpilogue)
        {
            body.Code.Line($"{sum(last)} = {body.Finish(body.Form, sum(last), At(pointer, panels.Offset(panel, last)))};");
        }

        for (var register = 0; register <= last; register++)
        {
            var at = At(pointer, panels.Offset(panel, register));
            body.Code.Line(overlaps && register == last ? body.Store(sum(register), at) : body.StoreResult(sum(register), at));
        }
    }

    private static string Advance(string pointer, int count, string stride) =>
        (count, stride) == (1, "1") ? $"{pointer}++;" : $"{pointer} += {(count == 1 ? stride : stride == "1" ? $"{count}" : $"{count} * {stride}")};";

    private static string LeftElement(Tile tile, int row, int term)
    {
        string Part(int count, string stride) => count == 0 ? string.Empty : stride == "1" ? $"{count}" : count == 1 ? stride : $"{count} * {stride}";
        var offset = string.Join(" + ", new[] { Part(row, tile.Left.RowStride), Part(term, tile.Left.Step) }.Where(part => part.Length > 0));
        return offset.Length == 0 ? $"*{tile.Left.Name}" : $"{tile.Left.Name}[{offset}]";
    }
}
