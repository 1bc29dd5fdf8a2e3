using System.Numerics;
using CharRnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// The products of one register form against plain scalar loops: every width of a panel, every height of a tile, the left side as it
/// lies and turned, depths in parts, those compiled in too. On small integers they must agree to the bit, on real numbers within the bound for a sum in any
/// order. Rows copied together and added up, any number of them and of their registers, on small integers. What lies between and around the rows
/// is NaN before, and must not be read or written.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public static unsafe class ProductVerification<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements between rows, and how far the left side and the output lie past a 64-byte boundary.</summary>
    private const int Gap = 3, Shift = 1;

    private static readonly int[] RowCounts = [.. Enumerable.Range(1, 16), 29];

    /// <summary>How the left side lies: depth and parts, and whether its columns are its rows.</summary>
    private static IEnumerable<(int Depth, int Parts, bool IsTurned)> Layouts(ProductKernels<T> kernels) =>
        [(1, 1, false), (7, 1, false), (32, 1, false), (5, 3, false), (18, 1, true), .. kernels.FixedDepths.Select(depth => (depth, 1, false)), .. kernels.FixedDepths.Select(depth => (depth, 3, false))];

    /// <summary>Registers of rows that are added up: more than are held at a time.</summary>
    private const int MostAdded = 17;

    /// <summary>How many products <see cref="Run"/> forms, and how often it copies and adds rows.</summary>
    public static int Runs(ProductKernels<T> kernels) => (kernels.MostRegisters * RowCounts.Length * Layouts(kernels).Count() * 2) + (RowCounts.Length * (1 + MostAdded));

    /// <summary>Forms all products, copies and adds rows.</summary>
    /// <param name="kernels">What to verify.</param>
    /// <param name="seed">Of the numbers.</param>
    /// <returns>One line for each that is wrong; empty where all is right.</returns>
    public static IReadOnlyList<string> Run(ProductKernels<T> kernels, ulong seed)
    {
        var (failures, random) = (new List<string>(), new RandomStream(seed));
        for (var registers = 1; registers <= kernels.MostRegisters; registers++)
        {
            foreach (var rows in RowCounts)
            {
                foreach (var (depth, parts, isTurned) in Layouts(kernels))
                {
                    foreach (var integers in (bool[])[true, false])
                    {
                        // Whether it is added to what is there is drawn: each layout meets both many times.
                        var accumulate = random.NextBits() % 2 == 1;
                        var message = Check(kernels, registers, rows, depth, parts, isTurned, accumulate, integers, random);
                        Report(message, $"{rows} rows by {registers} registers, depth {depth} in {parts} parts{(isTurned ? ", turned" : "")}{(accumulate ? ", added" : "")}");
                    }
                }
            }
        }

        foreach (var rows in RowCounts)
        {
            Report(CheckGather(kernels, rows), $"{rows} rows copied together");
            for (var registers = 1; registers <= MostAdded; registers++)
            {
                Report(CheckAddRows(kernels, rows, registers, random), $"{rows} rows of {registers} registers added up");
            }
        }

        return failures;

        void Report(string? message, string what)
        {
            if (message is not null)
            {
                failures.Add($"products, {(typeof(T) == typeof(float) ? "single" : "double")}, {kernels.InstructionSet}: {what}: {message}");
            }
        }
    }

    private static string? Check(ProductKernels<T> kernels, int registers, int rows, int depth, int parts, bool isTurned, bool accumulate, bool integers, RandomStream random)
    {
        var columns = registers * kernels.Lanes;
        var (leftRow, leftStep, partStep) = isTurned ? (1, rows + Gap, 0) : (parts * (depth + Gap), 1, Gap);
        var (leftLength, rightLength, outputRow) = (isTurned ? depth * leftStep : rows * leftRow, parts * depth * columns, columns + Gap);
        using var arena = new AlignedArena<T>(leftLength + Shift + Gap, rightLength + Gap, (rows * outputRow) + Shift + Gap);
        var left = Take(arena, leftLength + Shift + Gap) + Shift;
        var right = Take(arena, rightLength + Gap);
        var output = Take(arena, (rows * outputRow) + Shift + Gap) + Shift;
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < parts * depth; k++)
            {
                left[PlaceOf(row, k)] = Draw();
            }

            for (var column = 0; column < columns && accumulate; column++)
            {
                output[(row * outputRow) + column] = Draw();
            }
        }

        for (var i = 0; i < rightLength; i++)
        {
            right[i] = Draw();
        }

        var before = new ReadOnlySpan<T>(output, rows * outputRow).ToArray();
        kernels.Multiply(new Product<T>
        {
            Left = left, LeftRow = leftRow, LeftStep = leftStep, Depth = depth, Parts = parts, PartStep = partStep, Right = right, Registers = registers,
            Output = output, OutputRow = outputRow, Rows = rows, Accumulate = accumulate,
        });
        var wrong = new WorstElement();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = accumulate ? double.CreateChecked(before[(row * outputRow) + column]) : 0;
                var size = Math.Abs(sum);
                for (var k = 0; k < parts * depth; k++)
                {
                    var term = double.CreateChecked(left[PlaceOf(row, k)]) * double.CreateChecked(right[(k * columns) + column]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                wrong.Add(double.CreateChecked(output[(row * outputRow) + column]), sum, integers ? 0 : RoundingBound<T>.Gamma((parts * depth) + 1) * size, row, column);
            }
        }

        return WritesOutside(output, rows, columns) ?? wrong.Message;

        int PlaceOf(int row, int k) => (row * leftRow) + (k * leftStep) + (k / depth * partStep);

        T Draw() => integers ? T.CreateChecked(SmallInteger(random)) : T.CreateChecked((2 * random.NextUnit()) - 1);
    }

    private static string? CheckGather(ProductKernels<T> kernels, int rows)
    {
        var (lanes, row) = (kernels.Lanes, kernels.Lanes + Gap);
        var length = (rows * row) + Shift + Gap;
        using var arena = new AlignedArena<T>(length, length);
        var from = Take(arena, length) + Shift;
        var to = Take(arena, length) + Shift;
        var wrong = new WorstElement();
        for (var i = 0; i < rows * lanes; i++)
        {
            from[(i / lanes * row) + (i % lanes)] = T.CreateChecked(i % 127);
        }

        kernels.Gather(from, row, to, row, rows);
        for (var i = 0; i < rows * lanes; i++)
        {
            wrong.Add(double.CreateChecked(to[(i / lanes * row) + (i % lanes)]), i % 127, 0, i / lanes, i % lanes);
        }

        return WritesOutside(to, rows, lanes) ?? wrong.Message;
    }

    private static string? CheckAddRows(ProductKernels<T> kernels, int rows, int registers, RandomStream random)
    {
        var columns = registers * kernels.Lanes;
        var row = columns + Gap;
        using var arena = new AlignedArena<T>((rows * row) + Shift, columns + Shift + Gap);
        var from = Take(arena, (rows * row) + Shift) + Shift;
        var to = Take(arena, columns + Shift + Gap) + Shift;
        var sums = new double[columns];
        for (var column = 0; column < columns; column++)
        {
            sums[column] = Draw(to + column);
            for (var r = 0; r < rows; r++)
            {
                sums[column] += Draw(from + (r * row) + column);
            }
        }

        kernels.AddRows(from, row, rows, to, registers);
        var wrong = new WorstElement();
        for (var column = 0; column < columns; column++)
        {
            wrong.Add(double.CreateChecked(to[column]), sums[column], 0, 0, column);
        }

        return WritesOutside(to, 1, columns) ?? wrong.Message;

        double Draw(T* place)
        {
            var value = SmallInteger(random);
            *place = T.CreateChecked(value);
            return value;
        }
    }

    private static long SmallInteger(RandomStream random) => (long)(random.NextBits() % 7) - 3;

    /// <summary>What was NaN before the first row, between the rows, and after the last, still is.</summary>
    private static string? WritesOutside(T* output, int rows, int columns)
    {
        for (var row = -1; row < rows; row++)
        {
            for (var i = row < 0 ? Gap - Shift : 0; i < Gap; i++)
            {
                if (!T.IsNaN(output[(row * (columns + Gap)) + columns + i]))
                {
                    return "it wrote outside its rows";
                }
            }
        }

        return null;
    }

    /// <summary>Memory full of NaN.</summary>
    private static T* Take(AlignedArena<T> arena, int length)
    {
        var memory = arena.Take(length);
        new Span<T>(memory, length).Fill(T.NaN);
        return memory;
    }
}
