using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CharRnn.Kernels.Reference;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>A kernel's operands and result.</summary>
public delegate void Kernel<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> bias, Span<T> result, T scale);

/// <summary>One generated kernel and the matrix product that it must equal.</summary>
public sealed record KernelCase<T>(
    string Name, int Rows, int Inner, int Columns, bool TransposeLeft, bool TransposeRight, bool Accumulate, double Scale, int BiasLength, string Activation,
    (int Left, int Right, int Result) Strides, Kernel<T> Kernel)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// Compares kernels with the scalar reference. It is compiled together with the generated code into a program of its own,
/// which runs once for each instruction set: a process cannot change its instruction set.
/// </summary>
public static class Verification
{
    private static int _failures;
    private static double _worst;

    /// <summary>The forms that this process runs, widest first; the first line of the program's output.</summary>
    public static string Forms =>
        $"Vector512={Vector512.IsHardwareAccelerated} Vector256={Vector256.IsHardwareAccelerated} Vector128={Vector128.IsHardwareAccelerated}";

    public static void Check<T>(KernelCase<T> test)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(test.Name.Length + (31 * test.Rows) + (37 * test.Inner) + (41 * test.Columns));
        var (leftLength, rightLength, resultLength) = (test.Rows * test.Inner, test.Inner * test.Columns, test.Rows * test.Columns);
        var scale = T.CreateChecked(test.Scale);
        var (leftColumns, rightColumns) = (test.TransposeLeft ? test.Rows : test.Inner, test.TransposeRight ? test.Inner : test.Columns);
        using var leftMemory = new GuardedMemory<T>(Extent(leftLength, leftColumns, test.Strides.Left));
        using var rightMemory = new GuardedMemory<T>(Extent(rightLength, rightColumns, test.Strides.Right));
        using var biasMemory = new GuardedMemory<T>(Math.Max(1, test.BiasLength));
        using var resultMemory = new GuardedMemory<T>(Extent(resultLength, test.Columns, test.Strides.Result));
        foreach (var integers in (bool[])[true, false])
        {
            // At the end of a page (a read or write past the end is a crash), at the start of one (one before it is), and in between, off by one element.
            for (var place = 0; place < 3; place++)
            {
                T[] left = new T[leftLength], right = new T[rightLength], result = new T[resultLength];
                var bias = biasMemory.Place(place);
                Fill(bias, random, integers);
                Fill<T>(left, random, integers);
                Fill<T>(right, random, integers);
                Fill<T>(result, random, integers);
                var before = result.ToArray();
                if (!test.Accumulate)
                {
                    Array.Fill(result, T.NaN);
                }

                // Between the rows of a block of a larger matrix lies NaN, which must not be read, and in the result a number that must not be written.
                var resultBlock = resultMemory.Place(place);
                resultBlock.Fill(T.CreateChecked(Between));
                Spread(result, resultBlock, test.Columns, test.Strides.Result);
                test.Kernel(
                    Spread(left, leftMemory.Place(place), leftColumns, test.Strides.Left), Spread(right, rightMemory.Place(place), rightColumns, test.Strides.Right), bias, resultBlock, scale);
                if (!Gather(resultBlock, result, test.Columns, test.Strides.Result))
                {
                    Fail($"{test.Name}: wrote between the rows of its result (place {place})");
                }

                if (integers && test.Activation == "None")
                {
                    var expected = before.ToArray();
                    ScalarKernels.MatMul<T>(test.Rows, test.Inner, test.Columns, left, right, expected, test.TransposeLeft, test.TransposeRight, test.Accumulate, scale);
                    for (var i = 0; i < resultLength; i++)
                    {
                        expected[i] += test.BiasLength > 0 ? bias[i % test.BiasLength] : T.Zero;
                        if (!result[i].Equals(expected[i]))
                        {
                            Fail($"{test.Name}: element {i} is {result[i]}, and {expected[i]} exactly (place {place})");
                            break;
                        }
                    }
                }
                else
                {
                    CheckRounding(test, left, right, bias, before, result, place);
                }

                if (!resultMemory.IsUntouchedAround(place))
                {
                    Fail($"{test.Name}: wrote outside its result (place {place})");
                }
            }
        }
    }

    /// <summary>Prints the outcome; the exit code is 0 when every kernel agreed.</summary>
    public static int Report(int cases)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} kernels, {_failures} failures, largest error {_worst:F3} of its bound"));
        return _failures == 0 && cases > 0 ? 0 : 1;
    }

    /// <summary>|computed - exact| is at most gamma_n sum |a| |b|, gamma_n = n u / (1 - n u) (Higham, Accuracy and Stability, 3.1), against sums in double.</summary>
    private static void CheckRounding<T>(KernelCase<T> test, ReadOnlySpan<T> left, ReadOnlySpan<T> right, ReadOnlySpan<T> bias, T[] before, ReadOnlySpan<T> result, int place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (l, r, exact) = (Widen(left), Widen(right), Widen<T>(before));
        var sizes = exact.Select(double.Abs).ToArray();
        ScalarKernels.MatMul<double>(test.Rows, test.Inner, test.Columns, l, r, exact, test.TransposeLeft, test.TransposeRight, test.Accumulate, double.CreateChecked(T.CreateChecked(test.Scale)));
        ScalarKernels.MatMul<double>(
            test.Rows, test.Inner, test.Columns, l.Select(double.Abs).ToArray(), r.Select(double.Abs).ToArray(), sizes,
            test.TransposeLeft, test.TransposeRight, test.Accumulate, double.Abs(test.Scale));

        var terms = test.Inner + 3;
        var unit = double.CreateChecked(T.BitIncrement(T.One) - T.One) / 2;
        var gamma = terms * unit / (1 - (terms * unit));

        // In double the reference rounds as much as the kernel may.
        var share = typeof(T) == typeof(double) ? 2 : 1;
        for (var i = 0; i < result.Length; i++)
        {
            var added = test.BiasLength > 0 ? double.CreateChecked(bias[i % test.BiasLength]) : 0;
            var (sum, bound) = (exact[i] + added, share * gamma * (sizes[i] + Math.Abs(added)));

            // Neither function is steeper than one; their own error is at most five units in the last place of a number below one.
            (sum, bound) = test.Activation switch
            {
                "Tanh" => (Math.Tanh(sum), bound + (10 * unit)),
                "Sigmoid" => (1 / (1 + Math.Exp(-sum)), bound + (10 * unit)),
                _ => (sum, bound),
            };
            var ratio = Math.Abs(double.CreateChecked(result[i]) - sum) / bound;
            _worst = Math.Max(_worst, ratio);
            if (!(ratio <= 1))
            {
                Fail($"{test.Name}: element {i} is {result[i]}, {sum} exactly: {ratio} of the rounding bound (place {place})");
                return;
            }
        }
    }

    /// <summary>What lies between the rows of a result.</summary>
    private const double Between = 7777;

    /// <summary>The memory that a matrix reaches over.</summary>
    private static int Extent(int length, int columns, int stride) => stride == 0 ? length : (((length / columns) - 1) * stride) + columns;

    /// <summary>Writes a matrix into a block of a larger one.</summary>
    private static Span<T> Spread<T>(T[] matrix, Span<T> block, int columns, int stride)
    {
        for (var row = 0; row < matrix.Length / columns; row++)
        {
            matrix.AsSpan(row * columns, columns).CopyTo(block[(row * (stride == 0 ? columns : stride))..]);
        }

        return block;
    }

    /// <summary>Reads a matrix from a block of a larger one; false where what lies between its rows is another number than it was.</summary>
    private static bool Gather<T>(ReadOnlySpan<T> block, T[] matrix, int columns, int stride)
        where T : IBinaryFloatingPointIeee754<T>
    {
        stride = stride == 0 ? columns : stride;
        for (var i = 0; i < block.Length; i++)
        {
            if (i % stride < columns)
            {
                matrix[(i / stride * columns) + (i % stride)] = block[i];
            }
            else if (block[i] != T.CreateChecked(Between))
            {
                return false;
            }
        }

        return true;
    }

    private static double[] Widen<T>(ReadOnlySpan<T> values)
        where T : INumberBase<T>
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = double.CreateChecked(values[i]);
        }

        return wide;
    }

    private static void Fill<T>(Span<T> values, Random random, bool integers)
        where T : IBinaryFloatingPointIeee754<T>
    {
        foreach (ref var value in values)
        {
            value = integers ? T.CreateChecked(random.Next(-4, 5)) : T.CreateChecked((random.NextDouble() * 2) - 1);
        }
    }

    private static void Fail(string message)
    {
        if (_failures++ < 20)
        {
            Console.WriteLine(message);
        }
    }
}

/// <summary>Memory between two pages that may not be touched, NaN all over.</summary>
public sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _length;
    private readonly nint _page = Environment.SystemPageSize;
    private readonly nint _bytes;
    private readonly byte* _block;
    private readonly bool _isGuarded;

    public GuardedMemory(int length)
    {
        _length = length;

        // Room for the data, one element before it and one after it, in whole pages.
        _bytes = (((length + 2) * sizeof(T)) + _page - 1) / _page * _page;
        _isGuarded = !OperatingSystem.IsWindows();
        if (_isGuarded)
        {
            _block = (byte*)SystemMemory.Map(null, _bytes + (2 * _page), 0, 0x02 | (OperatingSystem.IsMacOS() ? 0x1000 : 0x20), -1, 0);
            if (SystemMemory.Protect(_block + _page, _bytes, 1 | 2) != 0)
            {
                throw new InvalidOperationException("mprotect failed.");
            }
        }
        else
        {
            _block = (byte*)NativeMemory.AlignedAlloc((nuint)(_bytes + (2 * _page)), (nuint)_page);
        }
    }

    private Span<T> All => new(_block + _page, (int)(_bytes / sizeof(T)));

    /// <summary>The data at the end of the block (0), at its start (1), or one element after the start (2), with NaN around it.</summary>
    public Span<T> Place(int place)
    {
        All.Fill(T.NaN);
        return All.Slice(Start(place), _length);
    }

    public bool IsUntouchedAround(int place)
    {
        var start = Start(place);
        return AllNaN(All[..start]) && AllNaN(All[(start + _length)..]);
    }

    public void Dispose()
    {
        if (_isGuarded)
        {
            _ = SystemMemory.Unmap(_block, _bytes + (2 * _page));
        }
        else
        {
            NativeMemory.AlignedFree(_block);
        }
    }

    private static bool AllNaN(ReadOnlySpan<T> values)
    {
        foreach (var value in values)
        {
            if (!T.IsNaN(value))
            {
                return false;
            }
        }

        return true;
    }

    private int Start(int place) => place switch { 0 => All.Length - _length, 1 => 0, _ => 1 };
}

/// <summary>The system calls behind <see cref="GuardedMemory{T}"/>.</summary>
internal static unsafe class SystemMemory
{
    [DllImport("libc", EntryPoint = "mmap")]
    internal static extern void* Map(void* address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    internal static extern int Protect(void* address, nint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    internal static extern int Unmap(void* address, nint length);
}
