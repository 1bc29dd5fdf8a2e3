namespace CharRnn.Generators.Emission;

/// <summary>
/// One register width that a kernel body is written for, and how its operations are spelled in C#.
/// Every body is emitted from one description; only the form differs, so the 512-, 256- and 128-bit
/// (x64 baseline and arm64 NEON) bodies and the scalar one cannot drift apart.
/// </summary>
internal sealed class VectorForm
{
    /// <summary>AVX-512: 32 registers of 64 bytes.</summary>
    public static readonly VectorForm Vector512 = new("Vector512", 512, 32);

    /// <summary>AVX2 with FMA: 16 registers of 32 bytes.</summary>
    public static readonly VectorForm Vector256 = new("Vector256", 256, 16);

    /// <summary>The x64 baseline (SSE2 and up) and arm64 NEON: at least 16 registers of 16 bytes.</summary>
    public static readonly VectorForm Vector128 = new("Vector128", 128, 16);

    /// <summary>One element at a time, for processors with no vectors and for tails.</summary>
    public static readonly VectorForm Scalar = new("Scalar", 0, 16);

    /// <summary>Two floats in a register of 128 bits, whose other elements are zero: rows that are shorter than any register.</summary>
    public static readonly VectorForm Pairs = new("Vector128", 128, 16, 2);

    /// <summary>Three floats in a register of 128 bits, whose fourth element is zero.</summary>
    public static readonly VectorForm Triples = new("Vector128", 128, 16, 3);

    /// <summary>Widest first: the order in which a kernel asks what the processor has.</summary>
    public static readonly VectorForm[] All = [Vector512, Vector256, Vector128, Scalar];

    private readonly int _floats;

    private VectorForm(string name, int bits, int registers, int floats = 0)
    {
        _floats = floats;
        Name = name;
        Bits = bits;
        Registers = registers;
    }

    /// <summary>The static class that holds the operations (<c>Vector512</c>, ...), or <c>Scalar</c>.</summary>
    public string Name { get; }

    public int Bits { get; }

    /// <summary>How many registers a plan may count on.</summary>
    public int Registers { get; }

    public bool IsScalar => Bits == 0;

    /// <summary>Only some elements of a register are used.</summary>
    public bool IsPartial => _floats > 0;

    /// <summary>The form that uses all of the register.</summary>
    public VectorForm Whole => IsPartial ? Vector128 : this;

    /// <summary>The C# condition under which this form may run; constant once compiled.</summary>
    public string Condition => IsScalar ? "true" : $"{Name}.IsHardwareAccelerated";

    public int Lanes(ElementType type) => IsScalar ? 1 : IsPartial ? _floats : Bits / 8 / type.Size();

    public string Type(ElementType type) => IsScalar ? type.Keyword() : $"{Name}<{type.Keyword()}>";

    public string Zero(ElementType type) => IsScalar ? type.Literal(0) : $"{Name}<{type.Keyword()}>.Zero";

    public string Load(string pointer) => _floats switch
    {
        // Two floats are moved as one double.
        2 => $"Vector128.CreateScalar(*(double*)({pointer})).AsSingle()",
        3 => $"Vector128.CreateScalar(*(double*)({pointer})).AsSingle().WithElement(2, *({pointer} + 2))",
        _ => IsScalar ? $"*({pointer})" : $"{Name}.Load({pointer})",
    };

    /// <summary>A statement that stores <paramref name="value"/>, without the semicolon.</summary>
    public string Store(string value, string pointer) => _floats switch
    {
        2 => $"*(double*)({pointer}) = ({value}).AsDouble().ToScalar()",
        3 => $"Triple.Store({value}, {pointer})",
        _ => IsScalar ? $"*({pointer}) = {value}" : $"{Name}.Store({value}, {pointer})",
    };

    /// <summary>Every lane set to the scalar expression <paramref name="value"/>.</summary>
    public string Broadcast(string value) => IsScalar ? value : $"{Name}.Create({value})";

    /// <summary>a * b + c; fused where the processor has it.</summary>
    public string MultiplyAdd(string a, string b, string c) => IsScalar ? $"{a} * {b} + {c}" : $"{Name}.MultiplyAddEstimate({a}, {b}, {c})";

    /// <summary>The square root of every element.</summary>
    public string SquareRoot(ElementType type, string value) => !IsScalar ? $"{Name}.Sqrt({value})"
        : type == ElementType.Single ? $"MathF.Sqrt({value})" : $"Math.Sqrt({value})";

    /// <summary>The sum of the lanes.</summary>
    public string Sum(string value) => IsScalar ? value : $"{Name}.Sum({value})";

    public override string ToString() => Name;
}
