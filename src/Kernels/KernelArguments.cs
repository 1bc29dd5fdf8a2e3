using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace CharRnn.Kernels;

/// <summary>The argument checks of generated kernels. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class KernelArguments
{
    /// <summary>Whether two blocks of memory share a byte.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="firstLength">Its length in elements.</param>
    /// <param name="second">The second block.</param>
    /// <param name="secondLength">Its length in elements.</param>
    public static bool Overlap<T>(T* first, nint firstLength, T* second, nint secondLength)
        where T : unmanaged =>
        first < second + secondLength && second < first + firstLength;

    /// <summary>Says that a span has not the length of its shape.</summary>
    /// <param name="length">The length it has.</param>
    /// <param name="shape">The shape it must have, in words.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowWrongLength(int length, string shape, string parameterName) =>
        throw new ArgumentException($"The span must have exactly the elements of its shape ({shape}); it has {length}.", parameterName);

    /// <summary>Says that a pointer is null.</summary>
    /// <param name="parameterName">The parameter.</param>
    /// <exception cref="ArgumentNullException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowNull(string parameterName) => throw new ArgumentNullException(parameterName);

    /// <summary>Says that the result overlaps an operand.</summary>
    /// <param name="parameterName">The result.</param>
    /// <param name="operandName">The operand.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowOverlap(string parameterName, string operandName) =>
        throw new ArgumentException($"The result overlaps '{operandName}', which is still read while it is written.", parameterName);
}
