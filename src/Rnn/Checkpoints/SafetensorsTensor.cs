namespace CharRnn.Rnn.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its extents, outermost first; empty for a scalar.</param>
/// <param name="Data">The elements, row-major, little-endian: their number times the size of one.</param>
public sealed record SafetensorsTensor(string Name, TensorType Type, long[] Shape, Memory<byte> Data)
{
    internal static int SizeOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 or TensorType.U64 => 8,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 2,
        _ => 1,
    };
}
