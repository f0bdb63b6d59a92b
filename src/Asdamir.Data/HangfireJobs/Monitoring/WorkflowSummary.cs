namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A workflow and its progress, see <see cref="IJobWorkflow"/>. Texts have their secrets masked.</summary>
public sealed record WorkflowSummary
{
    /// <summary>The id of the workflow.</summary>
    public required string Id { get; init; }

    /// <summary>The queue of the app that has created it.</summary>
    public required string Queue { get; init; }

    /// <summary>Its name, which need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>How far it has come.</summary>
    public required WorkflowState State { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when nothing of it runs any more (UTC); <see langword="null"/> while a job does.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How many jobs it has.</summary>
    public required long Jobs { get; init; }

    /// <summary>How many of them wait for others.</summary>
    public required long Waiting { get; init; }

    /// <summary>How many are executed, enqueued or scheduled.</summary>
    public required long Running { get; init; }

    /// <summary>How many have succeeded.</summary>
    public required long Succeeded { get; init; }

    /// <summary>How many have failed, with their attempts used up.</summary>
    public required long Failed { get; init; }

    /// <summary>How many were deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>When it was cancelled (UTC); <see langword="null"/> when it was not.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>Who cancelled it; <see langword="null"/> when it was not.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Why it was cancelled; <see langword="null"/> when no reason was given.</summary>
    public string? CancelReason { get; init; }

    /// <summary>The job that begins when it has finished; <see langword="null"/> when there is none.</summary>
    public string? OnFinished { get; init; }
}
