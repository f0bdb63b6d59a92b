namespace Asdamir.Data.Storage;

/// <summary>What is paused, why, by whom and until when.</summary>
public sealed record JobPause
{
    /// <summary>What kind of thing is paused.</summary>
    public required JobPauseKind Kind { get; init; }

    /// <summary>Its name, as that of the queue.</summary>
    public required string Name { get; init; }

    /// <summary>Why; <see langword="null"/> when no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The user who paused it; <see langword="null"/> when unknown.</summary>
    public string? By { get; init; }

    /// <summary>When it was paused (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the pause ends (UTC); <see langword="null"/> for one that lasts until it is resumed.</summary>
    public DateTimeOffset? Until { get; init; }
}
