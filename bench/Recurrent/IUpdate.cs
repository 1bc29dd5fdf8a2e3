namespace CharRnn.Benchmarks.Recurrent;

/// <summary>One way to train the network: its weights are drawn with seed 1, h_0 is zero.</summary>
internal interface IUpdate : IDisposable
{
    /// <summary>What it is, for a table.</summary>
    string Name { get; }

    /// <summary>Bits of the registers that it is written for; 0 where that is the library's or the compiler's choice.</summary>
    int Bits { get; }

    /// <summary>One chunk forward, backward and AdaGrad; carries h.</summary>
    /// <returns>The loss, summed over the chunk, in nats.</returns>
    double Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, double eta);
}
