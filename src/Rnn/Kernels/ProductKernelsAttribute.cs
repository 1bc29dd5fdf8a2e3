namespace CharRnn.Rnn.Kernels;

/// <summary>On a static partial class: the source generator writes the products of the layered network into it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ProductKernelsAttribute : Attribute
{
}
