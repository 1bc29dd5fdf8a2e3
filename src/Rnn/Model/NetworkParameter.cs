using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Model;

/// <summary>One parameter of a network: a matrix or a vector under the name that files and reports give it.</summary>
/// <param name="Name">
/// In a network of one vanilla layer W, U, V, b and c. Elsewhere the cell's own name behind its layer, such as <c>layer0.Wi</c>, and V and c.
/// </param>
/// <param name="Layer">The layer it belongs to, from 0; <see cref="Dense"/> for V and c.</param>
/// <param name="Field">Its place among the cell's parameters; for V 0, for c 1.</param>
/// <param name="Shape">The extents, rows first: [rows, columns] or [elements].</param>
/// <param name="Start">What a vector's elements start at.</param>
public sealed record NetworkParameter(string Name, int Layer, int Field, int[] Shape, double Start = 0)
{
    /// <summary>The layer of V and c.</summary>
    public const int Dense = -1;

    /// <summary>Whether it is a matrix, which is drawn; a vector starts at <see cref="Start"/>.</summary>
    public bool IsMatrix => Shape.Length == 2;

    /// <summary>How many numbers it has.</summary>
    public long Count => IsMatrix ? (long)Shape[0] * Shape[1] : Shape[0];

    /// <summary>The name of a cell's parameter in a network of that shape.</summary>
    public static string NameOf(NetworkShape shape, int layer, string field) => shape.IsVanilla ? field : $"layer{layer}.{field}";

    internal static NetworkParameter[] Of(NetworkShape shape)
    {
        var (m, k) = (shape.HiddenSize, shape.VocabularySize);
        var cell = shape.Cell;
        var all = new List<NetworkParameter>();
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            for (var field = 0; field < cell.Parameters.Count; field++)
            {
                var parameter = cell.Parameters[field];
                int[] extents = parameter.Kind switch
                {
                    CellParameterKind.Recurrent => [m, m],
                    CellParameterKind.Input => [m, layer == 0 ? k : m],
                    _ => [m],
                };
                all.Add(new(NameOf(shape, layer, parameter.Name), layer, field, extents, parameter.Start));
            }
        }

        all.Add(new("V", Dense, 0, [k, m]));
        all.Add(new("c", Dense, 1, [k]));
        return [.. all.Where(parameter => parameter.IsMatrix), .. all.Where(parameter => !parameter.IsMatrix)];
    }
}
