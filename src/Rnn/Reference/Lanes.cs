using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// Vectors of which every element is a row of numbers, a multiple of eight: its derivatives in several directions, or its values in several networks.
/// </summary>
internal static unsafe class Lanes
{
    /// <summary>How many numbers go together.</summary>
    public const int Together = 8;

    /// <summary>The rows as registers.</summary>
    public static Span<Vector512<double>> Registers(double[] lanes) => MemoryMarshal.Cast<double, Vector512<double>>(lanes.AsSpan());

    /// <summary>A matrix of plain numbers times such a vector; every row's sum is formed from the first column to the last.</summary>
    /// <param name="matrix">Row-major.</param>
    /// <param name="columns">How many columns, and elements of <paramref name="vector"/>.</param>
    /// <param name="vector">The elements, <paramref name="count"/> numbers each.</param>
    /// <param name="result">Written, <paramref name="count"/> numbers for each row of the matrix.</param>
    /// <param name="count">A multiple of <see cref="Together"/>.</param>
    public static void Multiply(double[] matrix, int columns, double[] vector, double[] result, int count)
    {
        var rows = matrix.Length / columns;
        fixed (double* first = matrix, right = vector, output = result)
        {
            for (var row = 0; row < rows; row += Tile)
            {
                for (var lane = 0; lane < count; lane += Together)
                {
                    var weights = first + ((nint)row * columns);
                    var sums = output + ((nint)row * count) + lane;
                    if (Vector512.IsHardwareAccelerated)
                    {
                        EightRows(weights, columns, right + lane, sums, count, Math.Min(Tile, rows - row));
                    }
                    else
                    {
                        FourRows(weights, columns, right + lane, sums, count, Math.Min(Tile, rows - row));
                    }
                }
            }
        }
    }

    private static int Tile => Vector512.IsHardwareAccelerated ? 8 : 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* Row(double* first, nint columns, int row, int rows) => first + (Math.Min(row, rows - 1) * columns);

    /// <summary>Up to eight rows times eight numbers of every element; rows that are not there are the last once more.</summary>
    private static void EightRows(double* matrix, nint columns, double* vector, double* result, nint count, int rows)
    {
        double* row1 = Row(matrix, columns, 1, rows), row2 = Row(matrix, columns, 2, rows), row3 = Row(matrix, columns, 3, rows), row4 = Row(matrix, columns, 4, rows);
        double* row5 = Row(matrix, columns, 5, rows), row6 = Row(matrix, columns, 6, rows), row7 = Row(matrix, columns, 7, rows);
        Vector512<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (nint j = 0; j < columns; j++)
        {
            var element = Vector512.Load(vector + (j * count));
            sum0 = Vector512.MultiplyAddEstimate(Vector512.Create(matrix[j]), element, sum0);
            sum1 = Vector512.MultiplyAddEstimate(Vector512.Create(row1[j]), element, sum1);
            sum2 = Vector512.MultiplyAddEstimate(Vector512.Create(row2[j]), element, sum2);
            sum3 = Vector512.MultiplyAddEstimate(Vector512.Create(row3[j]), element, sum3);
            sum4 = Vector512.MultiplyAddEstimate(Vector512.Create(row4[j]), element, sum4);
            sum5 = Vector512.MultiplyAddEstimate(Vector512.Create(row5[j]), element, sum5);
            sum6 = Vector512.MultiplyAddEstimate(Vector512.Create(row6[j]), element, sum6);
            sum7 = Vector512.MultiplyAddEstimate(Vector512.Create(row7[j]), element, sum7);
        }

        // From the last row: what is no row of its own is written over.
        sum7.Store(Row(result, count, 7, rows));
        sum6.Store(Row(result, count, 6, rows));
        sum5.Store(Row(result, count, 5, rows));
        sum4.Store(Row(result, count, 4, rows));
        sum3.Store(Row(result, count, 3, rows));
        sum2.Store(Row(result, count, 2, rows));
        sum1.Store(Row(result, count, 1, rows));
        sum0.Store(result);
    }

    /// <summary>The same in registers of half the width, four rows.</summary>
    private static void FourRows(double* matrix, nint columns, double* vector, double* result, nint count, int rows)
    {
        double* row1 = Row(matrix, columns, 1, rows), row2 = Row(matrix, columns, 2, rows), row3 = Row(matrix, columns, 3, rows);
        Vector256<double> low0 = default, low1 = default, low2 = default, low3 = default, high0 = default, high1 = default, high2 = default, high3 = default;
        for (nint j = 0; j < columns; j++)
        {
            var (low, high) = (Vector256.Load(vector + (j * count)), Vector256.Load(vector + (j * count) + 4));
            var (weight0, weight1, weight2, weight3) = (Vector256.Create(matrix[j]), Vector256.Create(row1[j]), Vector256.Create(row2[j]), Vector256.Create(row3[j]));
            low0 = Vector256.MultiplyAddEstimate(weight0, low, low0);
            high0 = Vector256.MultiplyAddEstimate(weight0, high, high0);
            low1 = Vector256.MultiplyAddEstimate(weight1, low, low1);
            high1 = Vector256.MultiplyAddEstimate(weight1, high, high1);
            low2 = Vector256.MultiplyAddEstimate(weight2, low, low2);
            high2 = Vector256.MultiplyAddEstimate(weight2, high, high2);
            low3 = Vector256.MultiplyAddEstimate(weight3, low, low3);
            high3 = Vector256.MultiplyAddEstimate(weight3, high, high3);
        }

        Store(low3, high3, Row(result, count, 3, rows));
        Store(low2, high2, Row(result, count, 2, rows));
        Store(low1, high1, Row(result, count, 1, rows));
        Store(low0, high0, result);
    }

    private static void Store(Vector256<double> low, Vector256<double> high, double* to)
    {
        low.Store(to);
        high.Store(to + 4);
    }
}
