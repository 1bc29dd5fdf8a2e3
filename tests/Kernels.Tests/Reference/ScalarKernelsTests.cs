using System.Numerics;
using CharRnn.Kernels.Reference;

namespace CharRnn.Kernels.Tests.Reference;

/// <summary>The truth itself, against numbers worked out by hand.</summary>
public sealed class ScalarKernelsTests
{
    private static readonly int[] Matrix = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void MatVec_multiplies_rows()
    {
        var result = new int[2];
        ScalarKernels.MatVec<int>(2, 3, Matrix, [1, 10, 100], result);
        Assert.Equal([321, 654], result);
    }

    [Fact]
    public void MatVecTransposed_multiplies_columns()
    {
        int[] result = [1000, 1000, 1000];
        ScalarKernels.MatVecTransposed<int>(2, 3, Matrix, [1, 10], result, accumulate: true);
        Assert.Equal([1041, 1052, 1063], result);
    }

    [Fact]
    public void OuterProduct_multiplies_each_with_each()
    {
        int[] result = [1, 1, 1, 1, 1, 1];
        ScalarKernels.OuterProduct<int>(2, 3, [1, 2], [3, 4, 5], result, accumulate: true, scale: 10);
        Assert.Equal([31, 41, 51, 61, 81, 101], result);
    }

    [Theory]
    [InlineData(false, false, new[] { 1, 2, 3, 4, 5, 6 }, new[] { 1, 0, 0, 1, 10, 10 })]
    [InlineData(true, false, new[] { 1, 4, 2, 5, 3, 6 }, new[] { 1, 0, 0, 1, 10, 10 })]
    [InlineData(false, true, new[] { 1, 2, 3, 4, 5, 6 }, new[] { 1, 0, 10, 0, 1, 10 })]
    [InlineData(true, true, new[] { 1, 4, 2, 5, 3, 6 }, new[] { 1, 0, 10, 0, 1, 10 })]
    public void MatMul_reads_either_side_as_stored(bool transposeLeft, bool transposeRight, int[] left, int[] right)
    {
        var result = new int[4];
        ScalarKernels.MatMul<int>(2, 3, 2, left, right, result, transposeLeft, transposeRight);
        Assert.Equal([31, 32, 64, 65], result);
    }

    [Fact]
    public void Any_number_type_serves()
    {
        var result = new BigInteger[1];
        ScalarKernels.MatVec<BigInteger>(1, 2, [BigInteger.Pow(10, 30), 1], [BigInteger.Pow(10, 30), 7], result);
        Assert.Equal(BigInteger.Pow(10, 60) + 7, result[0]);
    }

    [Fact]
    public void A_wrong_length_is_named() =>
        Assert.Equal("right", Assert.Throws<ArgumentException>(() => ScalarKernels.MatMul<int>(2, 3, 2, new int[6], new int[5], new int[4])).ParamName);
}
