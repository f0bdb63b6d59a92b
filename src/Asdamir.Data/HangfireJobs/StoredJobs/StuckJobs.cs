using System.Collections.Concurrent;
using System.Globalization;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>The jobs of this process that continue although their tokens were cancelled long ago.</summary>
internal sealed class StuckJobs(JobMetrics metrics)
{
    /// <summary>The name of the metadata of such a job.</summary>
    public const string Note = "StuckSince";

    private readonly ConcurrentDictionary<StuckJob, bool> _jobs = [];

    public void Add(StuckJob job)
    {
        if (_jobs.TryAdd(job, true))
            metrics.Stuck(job.Name, job.Queue, 1);
    }

    /// <summary>It has ended after all.</summary>
    public void Remove(StuckJob job)
    {
        if (_jobs.TryRemove(job, out _))
            metrics.Stuck(job.Name, job.Queue, -1);
    }

    public IReadOnlyList<StuckJob> Current() => [.. _jobs.Keys.OrderBy(static job => job.Since)];

    /// <summary>The metadata of a job, which another attempt must not take for its own.</summary>
    public static string NoteOf(string workerId, DateTimeOffset since) =>
        string.Create(CultureInfo.InvariantCulture, $"{workerId} {since.UtcDateTime:O}");

    /// <returns>Since when the attempt of a worker is stuck; <see langword="null"/> when it is not.</returns>
    public static DateTime? SinceOf(string? note, string? workerId) =>
        note is not null && workerId is not null && note.StartsWith($"{workerId} ", StringComparison.Ordinal)
            ? StoredTime.Read(note[(workerId.Length + 1)..])
            : null;
}

/// <summary>A job that continues although its token was cancelled.</summary>
/// <param name="Name">The name of its job type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="Since">When its token was cancelled.</param>
internal sealed record StuckJob(string Name, string Id, string Queue, DateTimeOffset Since);
