namespace CharRnn.Rnn.Properties;

/// <summary>A property that does not hold.</summary>
/// <param name="Property">Its name.</param>
/// <param name="Case">The shrunk case in words.</param>
/// <param name="Replay">What <c>--replay</c> takes to run this case again.</param>
/// <param name="Message">What is wrong.</param>
public sealed record PropertyFailure(string Property, string Case, string Replay, string Message);
