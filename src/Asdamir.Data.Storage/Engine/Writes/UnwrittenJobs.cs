using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Which connection of this process has created a job and not written it yet.</summary>
internal sealed class UnwrittenJobs
{
    private readonly ConcurrentDictionary<long, PendingJobs> _jobs = new();

    public void Add(long jobId, PendingJobs pending) => _jobs[jobId] = pending;

    public void Remove(long jobId) => _jobs.TryRemove(jobId, out _);

    /// <summary>Writes the job if it is one of them.</summary>
    public void Flush(long jobId)
    {
        if (_jobs.TryGetValue(jobId, out var pending))
            pending.Flush();
    }
}
