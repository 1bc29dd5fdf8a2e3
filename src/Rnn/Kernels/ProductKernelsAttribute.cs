namespace CharRnn.Rnn.Kernels;

/// <summary>
/// On a static partial class: the source generator writes the products of the layered network into it, with run-time sizes and, for the
/// hidden and vocabulary sizes of each shape that names a cell, with the depth as a constant.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ProductKernelsAttribute : Attribute
{
    /// <summary>Shapes such as <c>lstm:128x80+gru:96x80</c>; null takes the build's property Shapes.</summary>
    public string? Shapes { get; set; }
}
