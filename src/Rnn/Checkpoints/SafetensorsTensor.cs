using System.Runtime.InteropServices;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its extents, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements, row-major, little-endian: their number times the size of one.</param>
public sealed record SafetensorsTensor(string Name, TensorType Type, long[] Shape, Memory<byte> Data)
{
    /// <summary>The elements as they are, or widened; null where they are neither F32 nor F64.</summary>
    internal double[]? Reals() => Type switch
    {
        TensorType.F64 => MemoryMarshal.Cast<byte, double>(Data.Span).ToArray(),
        TensorType.F32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(Data.Span).ToArray(), value => (double)value),
        _ => null,
    };

    internal static int SizeOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        _ => 1,
    };
}
