namespace CharRnn.Rnn.Checkpoints;

/// <summary>The element types of the safetensors format that are whole bytes, under the format's own names.</summary>
public enum TensorType
{
#pragma warning disable CS1591 // the names say it
    F32, F64, I64, I32, U8, I8, BOOL, I16, U16, F16, BF16, U32, U64, F8_E4M3, F8_E5M2,
#pragma warning restore CS1591
}
