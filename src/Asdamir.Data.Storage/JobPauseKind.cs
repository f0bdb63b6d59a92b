namespace Asdamir.Data.Storage;

/// <summary>What can be paused.</summary>
public enum JobPauseKind
{
    /// <summary>A queue, and so an app: no job in it is begun.</summary>
    Queue = 0,
}
