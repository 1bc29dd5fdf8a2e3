using System.CommandLine;

namespace CharRnn.AotCli.CommandLine;

/// <summary>A command that carries the examples which help and man page print.</summary>
/// <param name="name">The word that is typed.</param>
/// <param name="description">What it does, one sentence; longer remarks go into <see cref="Remarks"/>.</param>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that work as they stand; every command has at least one.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>Paragraphs below the options: what the numbers mean, where files go.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
