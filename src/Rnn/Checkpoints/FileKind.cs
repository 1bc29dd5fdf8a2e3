namespace CharRnn.Rnn.Checkpoints;

/// <summary>What stands behind a path, at the end of its symbolic links.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A file that holds what is written to it.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, a pipe or a socket: what is written there goes elsewhere, and the name must stay.</summary>
    Other,
}
