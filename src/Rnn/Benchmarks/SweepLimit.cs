namespace CharRnn.Rnn.Benchmarks;

/// <summary>Multiply-adds that take one operand from memory, where a buffer is swept back and forth as the kernels sweep W.</summary>
/// <param name="Kilobytes">The buffer.</param>
/// <param name="GigaflopsPerSecond">10^9 floating-point operations a second.</param>
/// <param name="BytesPerNanosecond">Bytes read a nanosecond.</param>
public sealed record SweepLimit(int Kilobytes, double GigaflopsPerSecond, double BytesPerNanosecond);
