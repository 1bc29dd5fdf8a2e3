using System.Collections.Concurrent;
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

    /// <summary>One random direction for each row of each matrix, of length 1 and of elements that differ in their sign alone; of a vector every element.</summary>
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

        double[] Signs(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextBits() >> 63 == 0 ? 1 : -1) / Math.Sqrt(count))];
    }

    /// <summary>What a pass for every coordinate comes to, in multiplications of a weight and one derivative.</summary>
    public static double WorkOfAll(GradientCase of)
    {
        var parameters = of.Shape.Parameters;
        double read = of.X.Distinct().Count(), coordinates = 0, step = 0;
        foreach (var parameter in parameters)
        {
            var isSelected = IsSelected(of, parameter);
            coordinates += isSelected ? parameter.Shape[0] * read : parameter.Count;
            step += isSelected ? parameter.Shape[0] : parameter.Count;
        }

        return coordinates * step * of.SequenceLength;
    }

    /// <summary>The derivatives of blocks as a gradient has them.</summary>
    /// <param name="blocks">Of one chunk.</param>
    /// <param name="gradient">The chunk's.</param>
    /// <param name="into">As for <see cref="Run"/>.</param>
    public static void Read(IEnumerable<DirectionBlock> blocks, ReferenceParameters<double> gradient, IReadOnlyList<double[]> into)
    {
        foreach (var block in blocks)
        {
            var columns = Columns(gradient.Shape.Parameters[block.Parameter]);
            for (var d = 0; d < block.Places.Length; d++)
            {
                var direction = block.Directions[d];
                into[block.Parameter][block.Places[d]] = direction.Along(gradient.Tensors[block.Parameter].Values.AsSpan(direction.Row * columns, columns));
            }
        }
    }

    /// <summary>The derivatives of blocks, on all processors.</summary>
    /// <param name="blocks">Of one chunk.</param>
    /// <param name="network">A network of that chunk, made once for each thread.</param>
    /// <param name="into">An array for each parameter, in their order.</param>
    /// <param name="scale">What each derivative of the summed loss is multiplied with.</param>
    /// <param name="progress">Is told of every block that is done.</param>
    public static void Run(IReadOnlyList<DirectionBlock> blocks, Func<DirectionalNetwork> network, IReadOnlyList<double[]> into, double scale, Runs.WorkProgress? progress)
    {
        var idle = new ConcurrentBag<DirectionalNetwork>();
        Parallel.For(
            0,
            blocks.Count,
            () => idle.TryTake(out var made) ? made : network(),
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
            idle.Add);
    }

    private static IEnumerable<int> Read(GradientCase of, NetworkParameter parameter)
    {
        var all = Enumerable.Range(0, checked((int)parameter.Count));
        if (!IsSelected(of, parameter))
        {
            return all;
        }

        // In the order in which the characters come: a pass begins at the first of its eight.
        var (k, first) = (of.Shape.VocabularySize, Array.ConvertAll(new int[of.Shape.VocabularySize], _ => int.MaxValue));
        for (var t = of.X.Length - 1; t >= 0; t--)
        {
            first[of.X[t]] = t;
        }

        return all.Where(i => first[i % k] < int.MaxValue).OrderBy(i => first[i % k]);
    }

    /// <summary>Whether a character selects a column of it.</summary>
    private static bool IsSelected(GradientCase of, NetworkParameter parameter) =>
        parameter.Layer == 0 && of.Shape.Cell.Parameters[parameter.Field].Kind == Cells.CellParameterKind.Input;

    private static int Columns(NetworkParameter parameter) => parameter.IsMatrix ? parameter.Shape[1] : 1;
}
