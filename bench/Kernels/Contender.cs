using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics.LinearAlgebra;
using Tensor = System.Numerics.Tensors.TensorPrimitives;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>The four operations.</summary>
public enum KernelOperation
{
    MatVec,
    MatVecTransposed,
    OuterProduct,
    MatMul,
}

/// <summary>A matrix of rows x columns; MatMul multiplies rows x columns by columns x columns.</summary>
public readonly record struct KernelBenchmarkShape(int Rows, int Columns)
{
    public static readonly KernelBenchmarkShape[] All =
    [
        new(4, 4), new(8, 8), new(12, 12), new(16, 16), new(24, 24), new(32, 32), new(64, 64), new(100, 100), new(128, 128), new(256, 256), new(256, 16), new(16, 256),
    ];

    public override string ToString() => $"{Rows}x{Columns}";
}

/// <summary>One operation of one shape on the same data, by the generated kernel and by everything else one might use.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class Contender<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private delegate void Generated(ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> result);

    private readonly T[] _first;
    private readonly T[] _second;
    private readonly T[] _result;

    public Contender(KernelOperation operation, KernelBenchmarkShape shape)
    {
        var (rows, columns) = (shape.Rows, shape.Columns);
        var random = new Random(1);
        T[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
        (_first, _second, _result) = operation switch
        {
            KernelOperation.MatVec => (Values(rows * columns), Values(columns), new T[rows]),
            KernelOperation.MatVecTransposed => (Values(rows * columns), Values(rows), new T[columns]),
            KernelOperation.OuterProduct => (Values(rows), Values(columns), new T[rows * columns]),
            _ => (Values(rows * columns), Values(columns * columns), new T[rows * columns]),
        };
        var generated = typeof(FixedSizeKernels)
            .GetMethod($"{operation}{shape}", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic, [typeof(ReadOnlySpan<T>), typeof(ReadOnlySpan<T>), typeof(Span<T>)])!
            .CreateDelegate<Generated>();
        Kernel = () => generated(_first, _second, _result);
        (TensorPrimitives, Loops) = operation switch
        {
            KernelOperation.MatVec => (() => MatVecTensor(rows, columns), () => MatVecLoops(rows, columns)),
            KernelOperation.MatVecTransposed => (() => MatVecTransposedTensor(rows, columns), () => MatVecTransposedLoops(rows, columns)),
            KernelOperation.OuterProduct => (() => OuterProductTensor(rows, columns), () => OuterProductLoops(rows, columns)),
            _ => ((Action)(() => MatMulTensor(rows, columns)), (Action)(() => MatMulLoops(rows, columns))),
        };
        MathNet = ByMathNet(operation, rows, columns);
        Matrix4x4 = shape == new KernelBenchmarkShape(4, 4) && typeof(T) == typeof(float) ? ByMatrix4x4(operation) : null;
    }

    public Action Kernel { get; }

    public Action TensorPrimitives { get; }

    public Action Loops { get; }

    public Action MathNet { get; }

    /// <summary>Only for 4 x 4, and only for the operations that System.Numerics has.</summary>
    public Action? Matrix4x4 { get; }

    private void MatVecTensor(int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            _result[i] = Tensor.Dot<T>(_first.AsSpan(i * columns, columns), _second);
        }
    }

    private void MatVecTransposedTensor(int rows, int columns)
    {
        Tensor.Multiply<T>(_first.AsSpan(0, columns), _second[0], _result);
        for (var i = 1; i < rows; i++)
        {
            Tensor.MultiplyAdd<T>(_first.AsSpan(i * columns, columns), _second[i], _result, _result);
        }
    }

    private void OuterProductTensor(int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            Tensor.Multiply<T>(_second, _first[i], _result.AsSpan(i * columns, columns));
        }
    }

    private void MatMulTensor(int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = _result.AsSpan(i * columns, columns);
            Tensor.Multiply<T>(_second.AsSpan(0, columns), _first[i * columns], row);
            for (var k = 1; k < columns; k++)
            {
                Tensor.MultiplyAdd<T>(_second.AsSpan(k * columns, columns), _first[(i * columns) + k], row, row);
            }
        }
    }

    private void MatVecLoops(int rows, int columns)
    {
        var (matrix, vector, result) = (_first, _second, _result);
        for (var i = 0; i < rows; i++)
        {
            var sum = T.Zero;
            for (var j = 0; j < columns; j++)
            {
                sum += matrix[(i * columns) + j] * vector[j];
            }

            result[i] = sum;
        }
    }

    private void MatVecTransposedLoops(int rows, int columns)
    {
        var (matrix, vector, result) = (_first, _second, _result);
        Array.Clear(result);
        for (var i = 0; i < rows; i++)
        {
            var factor = vector[i];
            for (var j = 0; j < columns; j++)
            {
                result[j] += matrix[(i * columns) + j] * factor;
            }
        }
    }

    private void OuterProductLoops(int rows, int columns)
    {
        var (x, y, result) = (_first, _second, _result);
        for (var i = 0; i < rows; i++)
        {
            var factor = x[i];
            for (var j = 0; j < columns; j++)
            {
                result[(i * columns) + j] = factor * y[j];
            }
        }
    }

    private void MatMulLoops(int rows, int columns)
    {
        var (left, right, result) = (_first, _second, _result);
        Array.Clear(result);
        for (var i = 0; i < rows; i++)
        {
            for (var k = 0; k < columns; k++)
            {
                var factor = left[(i * columns) + k];
                for (var j = 0; j < columns; j++)
                {
                    result[(i * columns) + j] += factor * right[(k * columns) + j];
                }
            }
        }
    }

    private Action ByMathNet(KernelOperation operation, int rows, int columns)
    {
        var build = Matrix<T>.Build;
        if (operation == KernelOperation.OuterProduct)
        {
            var (x, y) = (global::MathNet.Numerics.LinearAlgebra.Vector<T>.Build.Dense(_first), global::MathNet.Numerics.LinearAlgebra.Vector<T>.Build.Dense(_second));
            var outer = build.Dense(rows, columns);
            return () => x.OuterProduct(y).CopyTo(outer);
        }

        var left = build.DenseOfRowMajor(rows, columns, _first);
        if (operation == KernelOperation.MatMul)
        {
            var right = build.DenseOfRowMajor(columns, columns, _second);
            var product = build.Dense(rows, columns);
            return () => left.Multiply(right, product);
        }

        var vector = global::MathNet.Numerics.LinearAlgebra.Vector<T>.Build.Dense(_second);
        var result = global::MathNet.Numerics.LinearAlgebra.Vector<T>.Build.Dense(_result.Length);
        return operation == KernelOperation.MatVec ? () => left.Multiply(vector, result) : () => left.TransposeThisAndMultiply(vector, result);
    }

    private Action? ByMatrix4x4(KernelOperation operation)
    {
        var left = MemoryMarshal.Read<Matrix4x4>(MemoryMarshal.AsBytes<T>(operation == KernelOperation.OuterProduct ? new T[16] : _first));
        if (operation == KernelOperation.MatMul)
        {
            var right = MemoryMarshal.Read<Matrix4x4>(MemoryMarshal.AsBytes<T>(_second));
            return () => MemoryMarshal.Write(MemoryMarshal.AsBytes(_result.AsSpan()), left * right);
        }

        // Vector4.Transform takes the vector as a row: x' M.
        return operation == KernelOperation.MatVecTransposed ? () => MemoryMarshal.Write(MemoryMarshal.AsBytes(_result.AsSpan()), Vector4.Transform(MemoryMarshal.Read<Vector4>(MemoryMarshal.AsBytes<T>(_second)), left)) : null;
    }
}
