namespace Asdamir.Data.Storage;

/// <summary>A workflow, and how far it has come.</summary>
public sealed record JobWorkflowStatus
{
    /// <summary>The id of the workflow; no job has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>The queue of the app that has created it.</summary>
    public required string Queue { get; init; }

    /// <summary>Its name, which need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created, in UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>How many jobs it has.</summary>
    public required long Members { get; init; }

    /// <summary>How many of them wait for others.</summary>
    public required long Waiting { get; init; }

    /// <summary>How many have succeeded.</summary>
    public required long Succeeded { get; init; }

    /// <summary>How many have failed, without a further attempt.</summary>
    public required long Failed { get; init; }

    /// <summary>How many were deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>How many are executed, enqueued or scheduled.</summary>
    public long Running => Members - Waiting - Succeeded - Failed - Deleted;

    /// <summary>Since when none is, in UTC; <see langword="null"/> while one is.</summary>
    public DateTime? FinishedAt { get; init; }

    /// <summary>When it was cancelled, in UTC; <see langword="null"/> when it was not.</summary>
    public DateTime? CancelledAt { get; init; }

    /// <summary>Who has cancelled it.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Why.</summary>
    public string? CancelReason { get; init; }

    /// <summary>The job that begins when it has finished; <see langword="null"/> when there is none.</summary>
    public string? OnFinished { get; init; }
}
