using System.Numerics;
using System.Runtime.InteropServices;

namespace CharRnn.Small;

/// <summary>A loop of direct calls for each kernel: a delegate or a table of them would cost more than the smallest kernels do.</summary>
internal static class SmallLoops
{
    public static Action<int> MatVec4x4(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatVec4x4(a, b, c);
        }
    };

    public static Action<int> MatVec6x6(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatVec6x6(a, b, c);
        }
    };

    public static Action<int> MatVec8x8(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatVec8x8(a, b, c);
        }
    };

    public static Action<int> MatVecTransposed4x4(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatVecTransposed4x4(a, b, c);
        }
    };

    public static Action<int> OuterProduct4x4(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.OuterProduct4x4(a, b, c);
        }
    };

    public static Action<int> MatMul3x3(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatMul3x3(a, b, c);
        }
    };

    public static Action<int> MatMul4x4(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatMul4x4(a, b, c);
        }
    };

    public static Action<int> MatMul6x6(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatMul6x6(a, b, c);
        }
    };

    public static Action<int> MatMul8x8(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatMul8x8(a, b, c);
        }
    };

    public static Action<int> MatMul1000x3(float[] first, float[] second, float[] result) => calls =>
    {
        var (a, b, c) = (first, second, result);
        for (var i = 0; i < calls; i++)
        {
            SmallKernels.MatMul1000x3(a, b, c);
        }
    };

    /// <summary>Vector4.Transform takes the vector as a row: x' M.</summary>
    public static Action<int> Transform(float[] matrix, float[] vector, float[] result) => calls =>
    {
        var (a, b, c) = (matrix, vector, result);
        for (var i = 0; i < calls; i++)
        {
            MemoryMarshal.Cast<float, Vector4>(c.AsSpan())[0] = Vector4.Transform(MemoryMarshal.Cast<float, Vector4>(b)[0], MemoryMarshal.Cast<float, Matrix4x4>(a)[0]);
        }
    };

    public static Action<int> Multiply(float[] left, float[] right, float[] result) => calls =>
    {
        var (a, b, c) = (left, right, result);
        for (var i = 0; i < calls; i++)
        {
            MemoryMarshal.Cast<float, Matrix4x4>(c.AsSpan())[0] = MemoryMarshal.Cast<float, Matrix4x4>(a)[0] * MemoryMarshal.Cast<float, Matrix4x4>(b)[0];
        }
    };
}
