namespace CharRnn.Kernels;

/// <summary>
/// What the kernel attributes share. Each stands on a <c>static partial void</c> method, and the source generator writes
/// that method's body for the sizes it names.
/// </summary>
/// <remarks>
/// Parameters are <see cref="ReadOnlySpan{T}"/> or <see cref="Span{T}"/> of <see cref="float"/> or <see cref="double"/>, or
/// pointers to them; matrices are row-major, and without padding unless a row stride is given. Every span must have exactly the length of its shape, and the
/// result may not overlap the operands, or the method throws <see cref="ArgumentException"/>. One more parameter of
/// the element type, after the result, multiplies the product by a factor known only at run time.
/// </remarks>
public abstract class KernelAttribute : Attribute
{
    private protected KernelAttribute()
    {
    }

    /// <summary>Adds to the result instead of overwriting it; false by default.</summary>
    public bool Accumulate { get; set; }

    /// <summary>A constant that multiplies the product before it is written or added; one by default.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>
    /// The widest registers that the kernel may use, in bits: 128, 256 or 512. 0 by default: the generator chooses, and leaves a wider form out
    /// where rows fill its registers badly.
    /// </summary>
    public int MaxVectorWidth { get; set; }
}
