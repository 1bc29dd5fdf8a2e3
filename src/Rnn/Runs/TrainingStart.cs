namespace CharRnn.Rnn.Runs;

/// <summary>What a training is about to do.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Configuration">The run's settings.</param>
/// <param name="Step">The updates already done; more than 0 in a resumed run.</param>
/// <param name="TotalSteps">The updates of the whole run.</param>
/// <param name="Kernels">The kernels that it runs on.</param>
public sealed record TrainingStart(string Folder, RunConfiguration Configuration, long Step, long TotalSteps, string Kernels);
