namespace CharRnn.Rnn.Runs;

/// <summary>A setting that a resumed run changed.</summary>
/// <param name="Step">The updates done before the change.</param>
/// <param name="Setting">Its name in config.json.</param>
/// <param name="From">The value before, as config.json writes it.</param>
/// <param name="To">The value after.</param>
public sealed record SettingsChange(long Step, string Setting, string From, string To);
