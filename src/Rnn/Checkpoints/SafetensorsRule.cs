namespace CharRnn.Rnn.Checkpoints;

/// <summary>What a file that is refused breaks. The first group are rules of the safetensors format, the second of a char-RNN model in it.</summary>
public enum SafetensorsRule
{
    /// <summary>A file begins with the header's length in 8 bytes.</summary>
    FileTooShort,

    /// <summary>The header ends inside the file.</summary>
    HeaderBeyondFile,

    /// <summary>A header has at most <see cref="SafetensorsFile.MaximumHeaderLength"/> bytes.</summary>
    HeaderTooLong,

    /// <summary>The header is one JSON object, in UTF-8, padded with spaces.</summary>
    HeaderNotJson,

    /// <summary>No name stands twice.</summary>
    DuplicateName,

    /// <summary>A name has at most <see cref="SafetensorsFile.MaximumNameLength"/> bytes.</summary>
    NameTooLong,

    /// <summary><c>__metadata__</c> maps strings to strings.</summary>
    MetadataNotStrings,

    /// <summary>A tensor is an object of dtype, shape and data_offsets.</summary>
    TensorMalformed,

    /// <summary>There are at most <see cref="SafetensorsFile.MaximumTensors"/> tensors and as many strings of metadata, and tensors are of at most <see cref="SafetensorsFile.MaximumRank"/> dimensions.</summary>
    TooMany,

    /// <summary>The dtype is one of the format's.</summary>
    UnknownType,

    /// <summary>The extents of a shape are whole numbers from 0.</summary>
    ShapeInvalid,

    /// <summary>The number of bytes that a shape and a dtype ask for fits 63 bits.</summary>
    ShapeOverflow,

    /// <summary>data_offsets are two whole numbers from 0, the second not below the first.</summary>
    OffsetsInvalid,

    /// <summary>data_offsets end inside the file.</summary>
    OffsetsBeyondFile,

    /// <summary>data_offsets are as far apart as shape and dtype ask for.</summary>
    SizeMismatch,

    /// <summary>The tensors' bytes follow one another from the header's end to the file's, with no hole, overlap or rest.</summary>
    NotContiguous,

    /// <summary>A tensor fits an array of this runtime (2 GB).</summary>
    TensorTooLarge,

    /// <summary>A model has W, U, V, b and c.</summary>
    TensorMissing,

    /// <summary>W is [m, m], U [m, K], V [K, m], b [m], c [K], all of one type, F32 or F64; AdaGrad's sums and h fit them.</summary>
    TensorUnfit,

    /// <summary>Every number is finite.</summary>
    NotFinite,

    /// <summary>AdaGrad's sums are sums of squares.</summary>
    NegativeSum,

    /// <summary>The metadata's vocabulary has K characters in order of code point, none twice.</summary>
    VocabularyInvalid,

    /// <summary>The metadata describes the state of the training that it claims to.</summary>
    StateInvalid,
}
