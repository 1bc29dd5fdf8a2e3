using System.Numerics;

namespace CharRnn.Rnn.Optimizers;

/// <summary>A rule applied to many weights, for one element type and register form; the bodies are emitted.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="lanes">Elements in a register.</param>
/// <param name="instructionSet">The register form: Vector512, Vector256, Vector128 or Scalar.</param>
public abstract unsafe class OptimizerKernels<T>(int lanes, string instructionSet)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements in a register.</summary>
    public int Lanes { get; } = lanes;

    /// <summary>The register form: Vector512, Vector256, Vector128 or Scalar.</summary>
    public string InstructionSet { get; } = instructionSet;

    /// <summary>g = clip(scale g, -clip, clip), then the rule, on weights that lie one after the other.</summary>
    /// <param name="weights">The weights, changed.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="slots">The first slot, changed; another lies <paramref name="slotStride"/> elements further on.</param>
    /// <param name="slotStride">Elements from one slot of a weight to the next.</param>
    /// <param name="count">How many, a multiple of the lanes. Addresses are not checked.</param>
    /// <param name="numbers">What the rule's <see cref="OptimizerRule.Numbers"/> gave, in this element type.</param>
    /// <param name="scale">What gradients are multiplied with first.</param>
    /// <param name="clip">The largest magnitude of a gradient; positive infinity switches clipping off.</param>
    public abstract void Apply(T* weights, T* gradients, T* slots, nint slotStride, nint count, ReadOnlySpan<T> numbers, T scale, T clip);
}
