using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Tests.Benchmarks;

/// <summary>The arithmetic of <c>charrnn bench --limits</c>, on a processor whose limits are round numbers.</summary>
public sealed class PartBoundTests
{
    private static readonly ProcessorLimits Limits = new(
        512, 16, 100, [new(16, 0, 100), new(64, 0, 50), new(256, 0, 10)], 200, [new(25, 5, 4, 6), new(10, 2, 4, 5)]);

    [Fact]
    public void An_update_of_the_textbooks_network_has_2_68_million_operations()
    {
        // 25 (4 W + 2 dW) - 1 step of W' dz; V three times over.
        Assert.Equal(2_680_000, UpdatePart.All(new NetworkShape(100, 80), 25, 12, sizeof(float)).Sum(part => part.Operations));
    }

    [Fact]
    public void Bandwidth_between_two_buffers_follows_the_logarithm_of_the_size()
    {
        Assert.Equal(100, Limits.BytesPerNanosecond(1));
        Assert.Equal(100, Limits.BytesPerNanosecond(16 * 1024), 9);
        Assert.Equal(75, Limits.BytesPerNanosecond(32 * 1024), 9);
        Assert.Equal(50, Limits.BytesPerNanosecond(64 * 1024), 9);
        Assert.Equal(10, Limits.BytesPerNanosecond(1 << 30));
    }

    [Fact]
    public void A_part_takes_the_longer_of_multiply_adds_and_memory_and_adagrads_rest()
    {
        UpdatePart[] parts =
        [
            new("swept", 1e6, 0, Swept: 64 * 1024, Sweeps: 25, 0),   // 10 us at the peak, 32.8 us of memory
            new("updated", 4e6, 1600, 0, 0, Roots: 1600),   // 40 us at the peak, 100 registers of 1 ns left over
            new("division alone", 0, 40_000, 0, 0, Roots: 3200),   // 200 registers at 200 a microsecond, beside 0.4 us of memory or more
        ];
        var bounds = PartBound.Of(parts, Limits, steps: 25);
        Assert.Equal(25 * 65.536 / 50, bounds[0].Microseconds, 9);
        Assert.Equal("memory", bounds[0].Limit);
        Assert.Equal(40.1, bounds[1].Microseconds, 9);
        Assert.Equal("multiply-adds", bounds[1].Limit);
        Assert.Equal(1, bounds[2].Microseconds, 9);
        Assert.Equal("division", bounds[2].Limit);

        // Beside ten multiply-adds less of the division vanishes.
        Assert.Equal(40.3, PartBound.Of(parts, Limits, steps: 12)[1].Microseconds, 9);
    }
}
