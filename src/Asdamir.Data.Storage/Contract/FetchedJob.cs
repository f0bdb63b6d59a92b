using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.Storage.Claims;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A claimed job of a worker. Hangfire asks the storage for a feature by this type's name.</summary>
internal sealed class FetchedJob(StorageEngine engine, ClaimedJob claim) : IFetchedJob
{
    private volatile bool _ended;
    private volatile bool _lost;
    private long? _begunAt;

    public string JobId { get; } = claim.JobId.ToString(CultureInfo.InvariantCulture);

    public ClaimedJob Claim => claim;

    /// <summary>The job's start, while it may not be written yet.</summary>
    public DeferredStart? Begun { get; set; }

    /// <summary>Whether a server claimed it that starts it at once, see <see cref="IJobClaims"/>.</summary>
    public bool IsDispatched { get; init; }

    /// <summary>Whether it was neither finished nor returned to its queue.</summary>
    public bool IsOpen => !_ended;

    /// <summary>Whether another process is known to have the claim by now.</summary>
    public bool IsLost => _lost || (!_ended && !engine.Leases.IsCurrent(claim.LeaseId));

    /// <summary>The name of its job, when this process can read it.</summary>
    public string? Name { get; set; }

    public void Begins() => _begunAt = Stopwatch.GetTimestamp();

    public void Ends()
    {
        if (Name is not null && _begunAt is { } begunAt)
            engine.Begun.Ended(Name, Stopwatch.GetElapsedTime(begunAt));
        _begunAt = null;
    }

    public void MarkLost()
    {
        _lost = true;
        _ended = true;
    }

    public void MarkCompleted() => _ended = true;

    public void RemoveFromQueue()
    {
        if (_ended)
            return;
        Begun?.Flush();
        engine.CompleteClaim(claim);
        _ended = true;
    }

    public void Requeue()
    {
        if (_ended)
            return;
        Begun?.Drop();
        engine.ReleaseClaims([claim]);
        _ended = true;
    }

    /// <summary>Returns the job to its queue unless it was finished or returned.</summary>
    public void Dispose()
    {
        Requeue();
        engine.InFlight.End(claim);
    }
}
