namespace CharRnn.Benchmarks.Recurrent;

/// <summary>In single precision.</summary>
public class SingleRecurrentBenchmarks : RecurrentBenchmarks<float>;
