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

/// <summary>One operation of one shape on the same data, by the generated kernel and by everything else one might use: each a loop of as many calls as it is told.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class Contender<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
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
        var attribute = operation == KernelOperation.MatMul ? $"MatMul({rows}, {columns}, {columns})" : $"{operation}({rows}, {columns})";
        Kernel = DirectLoops.Compile<T>(attribute)[0](_first, _second, _result);
        (TensorPrimitives, Loops) = operation switch
        {
            KernelOperation.MatVec => (calls => MatVecTensor(calls, rows, columns), calls => MatVecLoops(calls, rows, columns)),
            KernelOperation.MatVecTransposed => (calls => MatVecTransposedTensor(calls, rows, columns), calls => MatVecTransposedLoops(calls, rows, columns)),
            KernelOperation.OuterProduct => (calls => OuterProductTensor(calls, rows, columns), calls => OuterProductLoops(calls, rows, columns)),
            _ => ((Action<int>)(calls => MatMulTensor(calls, rows, columns)), (Action<int>)(calls => MatMulLoops(calls, rows, columns))),
        };
        MathNet = ByMathNet(operation, rows, columns);
        Matrix4x4 = shape == new KernelBenchmarkShape(4, 4) && typeof(T) == typeof(float) ? ByMatrix4x4(operation) : null;
    }

    public Action<int> Kernel { get; }

    public Action<int> TensorPrimitives { get; }

    public Action<int> Loops { get; }

    public Action<int> MathNet { get; }

    /// <summary>Only for 4 x 4, and only for the operations that System.Numerics has.</summary>
    public Action<int>? Matrix4x4 { get; }

    private void MatVecTensor(int calls, int rows, int columns)
    {
        for (var call = 0; call < calls; call++)
        {
            for (var i = 0; i < rows; i++)
            {
                _result[i] = Tensor.Dot<T>(_first.AsSpan(i * columns, columns), _second);
            }
        }
    }

    private void MatVecTransposedTensor(int calls, int rows, int columns)
    {
        for (var call = 0; call < calls; call++)
        {
            Tensor.Multiply<T>(_first.AsSpan(0, columns), _second[0], _result);
            for (var i = 1; i < rows; i++)
            {
                Tensor.MultiplyAdd<T>(_first.AsSpan(i * columns, columns), _second[i], _result, _result);
            }
        }
    }

    private void OuterProductTensor(int calls, int rows, int columns)
    {
        for (var call = 0; call < calls; call++)
        {
            for (var i = 0; i < rows; i++)
            {
                Tensor.Multiply<T>(_second, _first[i], _result.AsSpan(i * columns, columns));
            }
        }
    }

    private void MatMulTensor(int calls, int rows, int columns)
    {
        for (var call = 0; call < calls; call++)
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
    }

    private void MatVecLoops(int calls, int rows, int columns)
    {
        var (matrix, vector, result) = (_first, _second, _result);
        for (var call = 0; call < calls; call++)
        {
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
    }

    private void MatVecTransposedLoops(int calls, int rows, int columns)
    {
        var (matrix, vector, result) = (_first, _second, _result);
        for (var call = 0; call < calls; call++)
        {
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
    }

    private void OuterProductLoops(int calls, int rows, int columns)
    {
        var (x, y, result) = (_first, _second, _result);
        for (var call = 0; call < calls; call++)
        {
            for (var i = 0; i < rows; i++)
            {
                var factor = x[i];
                for (var j = 0; j < columns; j++)
                {
                    result[(i * columns) + j] = factor * y[j];
                }
            }
        }
    }

    private void MatMulLoops(int calls, int rows, int columns)
    {
        var (left, right, result) = (_first, _second, _result);
        for (var call = 0; call < calls; call++)
        {
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
    }

    private Action<int> ByMathNet(KernelOperation operation, int rows, int columns)
    {
        var (build, buildVector) = (Matrix<T>.Build, global::MathNet.Numerics.LinearAlgebra.Vector<T>.Build);
        if (operation == KernelOperation.OuterProduct)
        {
            var (x, y, outer) = (buildVector.Dense(_first), buildVector.Dense(_second), build.Dense(rows, columns));
            return calls =>
            {
                for (var call = 0; call < calls; call++)
                {
                    x.OuterProduct(y).CopyTo(outer);
                }
            };
        }

        var left = build.DenseOfRowMajor(rows, columns, _first);
        if (operation == KernelOperation.MatMul)
        {
            var (right, product) = (build.DenseOfRowMajor(columns, columns, _second), build.Dense(rows, columns));
            return calls =>
            {
                for (var call = 0; call < calls; call++)
                {
                    left.Multiply(right, product);
                }
            };
        }

        var (vector, result, isTransposed) = (buildVector.Dense(_second), buildVector.Dense(_result.Length), operation == KernelOperation.MatVecTransposed);
        return calls =>
        {
            for (var call = 0; call < calls; call++)
            {
                if (isTransposed)
                {
                    left.TransposeThisAndMultiply(vector, result);
                }
                else
                {
                    left.Multiply(vector, result);
                }
            }
        };
    }

    // Both read their operands from the arrays in each call, and write to them, as the kernels do. Vector4.Transform takes the vector as a row: x' M.
    private Action<int>? ByMatrix4x4(KernelOperation operation) => operation switch
    {
        KernelOperation.MatMul => calls =>
        {
            Span<byte> left = Bytes(_first), right = Bytes(_second), result = Bytes(_result);
            for (var call = 0; call < calls; call++)
            {
                MemoryMarshal.Write(result, MemoryMarshal.Read<Matrix4x4>(left) * MemoryMarshal.Read<Matrix4x4>(right));
            }
        },
        KernelOperation.MatVecTransposed => calls =>
        {
            Span<byte> matrix = Bytes(_first), vector = Bytes(_second), result = Bytes(_result);
            for (var call = 0; call < calls; call++)
            {
                MemoryMarshal.Write(result, Vector4.Transform(MemoryMarshal.Read<Vector4>(vector), MemoryMarshal.Read<Matrix4x4>(matrix)));
            }
        },
        _ => null,
    };

    private static Span<byte> Bytes(T[] values) => MemoryMarshal.AsBytes(values.AsSpan());
}
