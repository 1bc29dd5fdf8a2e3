namespace CharRnn.Rnn.Model;

/// <summary>One parameter under its name, as files and reports carry it.</summary>
/// <param name="Name">W, U, V, b or c.</param>
/// <param name="Shape">The extents, outermost first.</param>
/// <param name="Values">The elements, row-major; the same array that the weights hold.</param>
public sealed record NamedTensor<T>(string Name, int[] Shape, T[] Values);
