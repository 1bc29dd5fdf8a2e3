namespace CharRnn.Benchmarks.Recurrent;

/// <summary>In double precision.</summary>
public class DoubleRecurrentBenchmarks : RecurrentBenchmarks<double>;
