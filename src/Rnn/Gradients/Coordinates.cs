using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>Some directions of one parameter, few enough for one pass.</summary>
/// <param name="Parameter">Its place in <see cref="NetworkShape.Parameters"/>.</param>
/// <param name="Directions">At most <see cref="DirectionalNetwork.Count"/>.</param>
/// <param name="Places">Where each direction's derivative belongs.</param>
internal sealed record DirectionBlock(int Parameter, Variable[] Directions, int[] Places);

/// <summary>Which derivatives an oracle takes.</summary>
internal static class Coordinates
{
    /// <summary>Every coordinate that the loss reads: not the columns of the first layer's input matrices whose characters do not occur.</summary>
    public static List<DirectionBlock> All(GradientCase of)
    {
        var parameters = of.Shape.Parameters;
        var blocks = new List<DirectionBlock>();
        for (var place = 0; place < parameters.Count; place++)
        {
            blocks.AddRange(Of(of, place, Read(of, parameters[place])));
        }

        return blocks;
    }

    /// <summary>Some coordinates of one parameter.</summary>
    public static IEnumerable<DirectionBlock> Of(GradientCase of, int place, IEnumerable<int> coordinates)
    {
        var columns = Columns(of.Shape.Parameters[place]);
        return coordinates.Chunk(DirectionalNetwork.Count).Select(chunk =>
            new DirectionBlock(place, Array.ConvertAll(chunk, i => new Variable(i / columns, i % columns)), chunk));
    }

    /// <summary>One random direction for each row of each matrix, of elements +1 and -1; of a vector every element.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="seed">Of the directions.</param>
    public static List<DirectionBlock> Rows(GradientCase of, ulong seed)
    {
        var random = new RandomStream(seed);
        var parameters = of.Shape.Parameters;
        var blocks = new List<DirectionBlock>();
        for (var place = 0; place < parameters.Count; place++)
        {
            var columns = Columns(parameters[place]);
            var directions = Enumerable.Range(0, parameters[place].Shape[0])
                .Select(row => new Variable(row, parameters[place].IsMatrix ? -1 : 0, parameters[place].IsMatrix ? Signs(columns) : null)).ToArray();
            blocks.AddRange(directions.Chunk(DirectionalNetwork.Count).Select(chunk => new DirectionBlock(place, chunk, Array.ConvertAll(chunk, direction => direction.Row))));
        }

        return blocks;

        double[] Signs(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextBits() >> 63 == 0 ? 1.0 : -1.0)];
    }

    /// <summary>The derivatives of blocks, on all processors.</summary>
    /// <param name="blocks">Of one chunk.</param>
    /// <param name="network">A network of that chunk, one for each thread.</param>
    /// <param name="into">An array for each parameter, in their order.</param>
    /// <param name="scale">What each derivative of the summed loss is multiplied with.</param>
    /// <param name="progress">Is told of every block that is done.</param>
    public static void Run(IReadOnlyList<DirectionBlock> blocks, Func<DirectionalNetwork> network, IReadOnlyList<double[]> into, double scale, Runs.WorkProgress? progress) =>
        Parallel.For(
            0,
            blocks.Count,
            network,
            (index, _, own) =>
            {
                var block = blocks[index];
                Span<double> derivatives = stackalloc double[DirectionalNetwork.Count];
                own.Run(block.Parameter, block.Directions, derivatives);
                for (var d = 0; d < block.Places.Length; d++)
                {
                    into[block.Parameter][block.Places[d]] = scale * derivatives[d];
                }

                progress?.Advance();
                return own;
            },
            _ => { });

    private static IEnumerable<int> Read(GradientCase of, NetworkParameter parameter)
    {
        var all = Enumerable.Range(0, checked((int)parameter.Count));
        if (parameter.Layer != 0 || of.Shape.Cell.Parameters[parameter.Field].Kind != Cells.CellParameterKind.Input)
        {
            return all;
        }

        var occurs = of.X.ToHashSet();
        return all.Where(i => occurs.Contains(i % of.Shape.VocabularySize));
    }

    private static int Columns(NetworkParameter parameter) => parameter.IsMatrix ? parameter.Shape[1] : 1;
}
