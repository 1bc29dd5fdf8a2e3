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
}
