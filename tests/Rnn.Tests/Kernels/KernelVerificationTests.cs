using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Tests.Kernels;

public sealed class KernelVerificationTests
{
    public static TheoryData<int> Sizes()
    {
        var data = new TheoryData<int>();
        foreach (var size in (int[])[.. Enumerable.Range(1, 64), 96, 100, 104, 128, 131, 200, 256])
        {
            data.Add(size);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_time_sizes_agree_with_scalar_loops_in_every_register_form(int size)
    {
        foreach (var shape in (NetworkShape[])[new(size, 37), new(21, size)])
        {
            Verify(CompiledKernels.AllSingle(shape));
            Verify(CompiledKernels.AllDouble(shape));
        }
    }

    [Fact]
    public void Fixed_sizes_agree_with_scalar_loops_in_every_register_form()
    {
        foreach (var shape in TestKernels.Shapes)
        {
            Verify(TestKernels.AllSingle(shape).Where(kernels => kernels.IsFixedSize));
            Verify(TestKernels.AllDouble(shape).Where(kernels => kernels.IsFixedSize));
        }
    }

    [Fact]
    public void Compiled_in_shapes_are_chosen_for_their_shape_only()
    {
        foreach (var shape in CompiledKernels.Shapes)
        {
            Assert.True(CompiledKernels.Best<float>(shape).IsFixedSize);
            Assert.True(CompiledKernels.Best<double>(shape).IsFixedSize);
            Assert.False(CompiledKernels.Best<float>(shape, allowFixed: false).IsFixedSize);
            Assert.False(CompiledKernels.Best<float>(shape with { VocabularySize = shape.VocabularySize + 1 }).IsFixedSize);
        }
    }

    [Fact]
    public void Indices_outside_the_vocabulary_and_short_spans_are_refused()
    {
        var kernels = CompiledKernels.Best<float>(new(4, 3));
        var layout = kernels.Layout;
        var (w, u, b, h) = (new float[layout.LengthOfW], new float[3 * layout.HiddenStride], new float[layout.HiddenStride], new float[2 * layout.HiddenStride]);
        kernels.Forward(w, u, b, h, [2]);
        Assert.Throws<ArgumentException>(() => kernels.Forward(w, u, b, h, [3]));
        Assert.Throws<ArgumentException>(() => kernels.Forward(w, u, b, h, [-1]));
        Assert.Throws<ArgumentException>(() => kernels.Forward(w, u, b, h, [0, 0]));
        Assert.Throws<ArgumentException>(() => kernels.Forward(w, u.AsSpan(1), b, h, [0]));
    }

    private static void Verify<T>(IEnumerable<RecurrentKernels<T>> implementations)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var kernels in implementations)
        {
            // One step, a chunk shorter than a tile is high, and one longer than AdaGrad's longest queue; aligned and not.
            foreach (var (steps, shift) in ((int, int)[])[(1, 0), (6, 1), (31, 3)])
            {
                Assert.Empty(KernelVerification<T>.Run(kernels, steps, shift, seed: (ulong)(steps + shift)));
            }
        }
    }
}
