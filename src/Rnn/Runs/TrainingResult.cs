using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>How a training ended.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Progress">Where the run stands.</param>
/// <param name="TotalSteps">The updates of the whole run.</param>
/// <param name="Updates">The updates done by this process.</param>
/// <param name="Seconds">The time they took, samples and files included.</param>
/// <param name="UpdateSeconds">The time they took without samples and files.</param>
/// <param name="InstructionSet">The kernels' register form.</param>
/// <param name="Kernels">The kernels' name.</param>
/// <param name="DivergedAt">The update whose loss was not finite; null where all were.</param>
public sealed record TrainingResult(string Folder, TrainingProgress Progress, long TotalSteps, long Updates, double Seconds, double UpdateSeconds,
    string InstructionSet, string Kernels, long? DivergedAt)
{
    /// <summary>Whether as many validations as the run has patience for found no lower loss.</summary>
    public bool IsOutOfPatience { get; init; }

    /// <summary>Set where the run ends with a smooth loss above the one that it began with, after 10,000 updates or more: nothing was learned.</summary>
    public RiseNotice? Rise { get; init; }

    /// <summary>Microseconds an update; null where none was done.</summary>
    public double? MicrosecondsPerUpdate => Updates == 0 ? null : UpdateSeconds * 1e6 / Updates;

    /// <summary>Whether the run has done all that it was to do.</summary>
    public bool IsComplete => IsOutOfPatience || Progress.Step >= TotalSteps;
}
