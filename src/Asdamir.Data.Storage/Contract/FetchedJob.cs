using System.Globalization;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Claims;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A claimed job of a worker. Hangfire asks the storage for a feature by this type's name.</summary>
internal sealed class FetchedJob(StorageEngine engine, ClaimedJob claim, string? serverId = null) : IFetchedJob
{
    private volatile bool _ended;
    private volatile bool _lost;

    public string JobId { get; } = claim.JobId.ToString(CultureInfo.InvariantCulture);

    public ClaimedJob Claim => claim;

    /// <summary>The server that claimed it and starts it at once, see <see cref="IJobClaims"/>; <see langword="null"/> for a worker's job.
    /// </summary>
    public string? ServerId => serverId;

    public bool IsDispatched => serverId is not null;

    /// <summary>Whether its worker has put it into another state than the one before the claim.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether it was neither finished nor returned to its queue.</summary>
    public bool IsOpen => !_ended;

    /// <summary>Whether another process is known to have the claim by now.</summary>
    public bool IsLost => _lost || (!_ended && !engine.Leases.IsCurrent(claim.LeaseId));

    /// <summary>
    /// The state as its worker sees it. Until that has started the job, it is the one before the claim; and a job that is delivered again
    /// because its process died is Processing for it, by which Hangfire recognises that.
    /// </summary>
    public string? StateOf(string? stored)
    {
        if (HasStarted || stored != (claim.HasBegun ? ProcessingState.StateName : EnqueuedState.StateName))
            return stored;
        return claim.WasLost ? ProcessingState.StateName : EnqueuedState.StateName;
    }

    public void MarkStarted() => HasStarted = true;

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
        engine.CompleteClaim(claim);
        _ended = true;
    }

    public void Requeue()
    {
        if (_ended)
            return;
        engine.ReleaseClaims([claim], HasStarted);
        _ended = true;
    }

    /// <summary>Returns the job to its queue unless it was finished or returned.</summary>
    public void Dispose()
    {
        Requeue();
        engine.InFlight.End(claim);
    }
}
