using CharRnn.Kernels.Reference;

namespace CharRnn.Kernels.Tests.FixedSize;

/// <summary>What a user meets: arguments are checked before anything is written, nothing is allocated, pointers work as spans do.</summary>
public sealed class UserKernelTests
{
    private const int Rows = UserKernels.Rows;
    private const int Columns = 2 * Rows;

    private readonly float[] _matrix = [.. Enumerable.Range(0, Rows * Columns).Select(i => (float)(i % 9) - 4)];
    private readonly float[] _row = [.. Enumerable.Range(0, Columns).Select(i => (float)(i % 5) - 2)];
    private readonly float[] _column = [.. Enumerable.Range(0, Rows).Select(i => (float)(i % 4) - 1)];

    [Theory]
    [InlineData(-1, 0, 0, "matrix", "7 x 14, row-major")]
    [InlineData(1, 0, 0, "matrix", "7 x 14, row-major")]
    [InlineData(0, -1, 0, "vector", "14")]
    [InlineData(0, 0, 1, "result", "7")]
    public void A_span_of_another_length_is_refused_and_nothing_is_written(int matrix, int vector, int result, string parameter, string shape)
    {
        var output = Enumerable.Repeat(99f, Rows + result).ToArray();
        var exception = Assert.Throws<ArgumentException>(() => UserKernels.Apply(new float[_matrix.Length + matrix], new float[Columns + vector], output));
        Assert.Equal(parameter, exception.ParamName);
        Assert.Contains(shape, exception.Message);
        Assert.All(output, value => Assert.Equal(99f, value));
    }

    /// <summary>One element in common is enough, at either end.</summary>
    [Theory]
    [InlineData(1 - Rows)]
    [InlineData(0)]
    [InlineData(Rows - 1)]
    [InlineData((Rows * Columns) - 1)]
    public void A_result_that_overlaps_the_matrix_is_refused(int start)
    {
        var memory = new float[Rows + (Rows * Columns) + Rows];
        var exception = Assert.Throws<ArgumentException>(() => UserKernels.Apply(memory.AsSpan(Rows, Rows * Columns), new float[Columns], memory.AsSpan(Rows + start, Rows)));
        Assert.Equal("result", exception.ParamName);
        Assert.Contains("'matrix'", exception.Message);
    }

    [Theory]
    [InlineData(1 - Rows)]
    [InlineData(0)]
    [InlineData(Columns - 1)]
    public void A_result_that_overlaps_the_vector_is_refused(int start)
    {
        var memory = new float[Rows + Columns + Rows];
        var exception = Assert.Throws<ArgumentException>(() => UserKernels.Apply(_matrix, memory.AsSpan(Rows, Columns), memory.AsSpan(Rows + start, Rows)));
        Assert.Equal("result", exception.ParamName);
        Assert.Contains("'vector'", exception.Message);
    }

    [Fact]
    public void Neighbours_do_not_overlap()
    {
        var memory = new float[(Rows * Columns) + Rows + Columns];
        _matrix.CopyTo(memory, Rows);
        UserKernels.Apply(memory.AsSpan(Rows, Rows * Columns), memory.AsSpan(Rows + (Rows * Columns)), memory.AsSpan(0, Rows));
        // And the result behind the operands.
        UserKernels.Apply(memory.AsSpan(0, Rows * Columns), memory.AsSpan(Rows * Columns, Columns), memory.AsSpan((Rows * Columns) + Columns));
    }

    [Fact]
    public unsafe void A_null_pointer_is_refused()
    {
        var exception = Assert.Throws<ArgumentNullException>(() => UserKernels.AddTransposed(null, null, null));
        Assert.Equal("matrix", exception.ParamName);
    }

    [Fact]
    public unsafe void Pointers_give_what_the_reference_gives()
    {
        var result = (float[])_row.Clone();
        var expected = (float[])_row.Clone();
        fixed (float* matrix = _matrix, vector = _column, output = result)
        {
            UserKernels.AddTransposed(matrix, vector, output);
        }

        ScalarKernels.MatVecTransposed<float>(Rows, Columns, _matrix, _column, expected, accumulate: true);
        Assert.Equal(expected, result);
    }

    [Fact]
    public void A_scale_known_at_run_time_multiplies_the_product()
    {
        var result = (float[])_matrix.Clone();
        var expected = (float[])_matrix.Clone();
        UserKernels.AddOuter(_column, _row, result, -0.5f);
        ScalarKernels.OuterProduct<float>(Rows, Columns, _column, _row, expected, accumulate: true, scale: -0.5f);
        Assert.Equal(expected, result);
    }

    [Fact]
    public void Overloads_of_the_other_element_type_stand_side_by_side()
    {
        var (matrix, vector) = (_matrix.Select(value => (double)value).ToArray(), _row.Select(value => (double)value).ToArray());
        var (result, expected) = (new double[Rows], new double[Rows]);
        UserKernels.Apply(matrix, vector, result);
        ScalarKernels.MatVec<double>(Rows, Columns, matrix, vector, expected);
        Assert.Equal(expected, result);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var result = new float[Rows];
        var (left, right, product) = (new double[Rows * 3], new double[Rows * 3], new double[Rows * Rows]);
        void Calls()
        {
            UserKernels.Apply(_matrix, _row, result);
            UserKernels.AddOuter(_column, _row, _matrix, 1);
            UserKernels.Turned(left, right, product);
        }

        Calls();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Calls();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Infinity_and_NaN_go_where_they_belong(float special)
    {
        // In the columns that the tail's overlapping register reads twice: the other rows must stay finite, and infinity must not turn into NaN.
        _matrix[Columns - 5] = special;
        Array.Fill(_row, 1f);
        var result = new float[Rows];
        var expected = new float[Rows];
        UserKernels.Apply(_matrix, _row, result);
        ScalarKernels.MatVec<float>(Rows, Columns, _matrix, _row, expected);
        Assert.Equal(expected, result);
        Assert.Equal(special, result[0]);
    }

    /// <summary>Columns 0 to 3 times columns 4 and 5 into columns 6 and 7 of one matrix; what else is in it stays.</summary>
    [Fact]
    public void Blocks_side_by_side_in_one_matrix_are_multiplied_in_place()
    {
        var memory = Enumerable.Range(0, 40).Select(i => (double)(i % 7) - 3).ToArray();
        var before = (double[])memory.Clone();
        UserKernels.MultiplyBlocks(memory.AsSpan(0, 24), memory.AsSpan(4, 32), memory.AsSpan(6, 22));
        for (var row = 0; row < 4; row++)
        {
            for (var column = 0; column < 10; column++)
            {
                var expected = before[(row * 10) + column];
                if (row < 3 && column is (6 or 7))
                {
                    expected = Enumerable.Range(0, 4).Sum(k => before[(row * 10) + k] * before[(k * 10) + column - 2]);
                }

                Assert.Equal(expected, memory[(row * 10) + column]);
            }
        }
    }

    /// <summary>One column in common is enough: with the left side's last, with the right side's, and where rows run past the end of the larger matrix's.</summary>
    [Theory]
    [InlineData(3, "left")]
    [InlineData(5, "right")]
    [InlineData(9, "left")]
    [InlineData(13, "left")]
    public void Blocks_that_share_a_column_are_refused(int start, string operand)
    {
        var memory = new double[60];
        var exception = Assert.Throws<ArgumentException>(() => UserKernels.MultiplyBlocks(memory.AsSpan(0, 24), memory.AsSpan(4, 32), memory.AsSpan(start, 22)));
        Assert.Equal("result", exception.ParamName);
        Assert.Contains($"'{operand}'", exception.Message);
    }

    /// <summary>A result of one piece may lie between the rows of the matrix, and nowhere on them.</summary>
    [Fact]
    public void A_result_between_the_rows_of_a_block_is_no_overlap()
    {
        for (var start = 0; start < 30; start++)
        {
            var memory = new double[40];
            var overlaps = start < 24 && Enumerable.Range(start, 3).Any(i => i % 10 < 4 && i < 24);
            var exception = Record.Exception(() => UserKernels.ApplyBlock(memory.AsSpan(0, 24), new double[4], memory.AsSpan(start, 3)));
            Assert.Equal(overlaps, exception is ArgumentException);
        }
    }

    [Theory]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(12)]
    public void A_block_reaches_from_its_first_element_to_its_last(int length)
    {
        var exception = Assert.Throws<ArgumentException>(() => UserKernels.ApplyBlock(new double[length], new double[4], new double[3]));
        Assert.Equal("matrix", exception.ParamName);
        Assert.Contains("3 x 4, row-major, a row every 10", exception.Message);
    }
}
