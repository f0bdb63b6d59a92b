namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How many jobs of the schema are in each state.</summary>
public sealed record JobStatistics
{
    /// <summary>How many wait in queues.</summary>
    public long Enqueued { get; init; }

    /// <summary>How many have failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many are being executed.</summary>
    public long Processing { get; init; }

    /// <summary>How many have succeeded since the storage was created.</summary>
    public long Succeeded { get; init; }

    /// <summary>How many are scheduled.</summary>
    public long Scheduled { get; init; }

    /// <summary>How many were deleted since the storage was created.</summary>
    public long Deleted { get; init; }

    /// <summary>How many wait for another job.</summary>
    public long Awaiting { get; init; }

    /// <summary>How many are scheduled for another attempt.</summary>
    public long Retry { get; init; }
}
