using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>A job in a list.</summary>
internal sealed record JobSummary(
    string Id, string Name, string App, JobState State, DateTime? StateAt, DateTime CreatedAt, DateTime? StartedAt, string? Error, string? Arguments)
{
    /// <summary>The server that executes it; <see langword="null"/> when none does.</summary>
    public string? Server { get; init; }

    /// <summary>When it ended; <see langword="null"/> while it has not.</summary>
    public DateTime? CompletedAt => State is JobState.Succeeded or JobState.Failed or JobState.Deleted ? StateAt : null;

    /// <summary>The arguments as stored: of an envelope those of its job, of any other job Hangfire's own JSON, cut.</summary>
    public static string? ArgumentsOf(InvocationData? stored, Job? loaded)
    {
        if (JobEnvelope.TryUnwrap(loaded, out _, out var payload) || StoredEnvelope.TryRead(stored, out _, out payload))
            return payload is null ? null : JobPayload.ArgumentsOf(payload);
        return stored is null ? null : StoredMethod.ArgumentsOf(stored);
    }
}
