using System.Globalization;
using Asdamir.Data.Storage.Claims;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A claimed run in the hands of a worker. Hangfire asks the storage for a feature by this type's name.</summary>
internal sealed class FetchedJob(StorageEngine engine, ClaimedJob claim) : IFetchedJob
{
    private bool _ended;
    private bool _lost;

    public string JobId { get; } = claim.JobId.ToString(CultureInfo.InvariantCulture);

    public ClaimedJob Claim => claim;

    /// <summary>Whether it was neither finished nor given back.</summary>
    public bool IsOpen => !_ended;

    /// <summary>Whether the claim is somebody else's by now, as far as this process knows.</summary>
    public bool IsLost => _lost || !engine.Leases.IsCurrent(claim.LeaseId);

    public void MarkLost() => (_lost, _ended) = (true, true);

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
        engine.ReleaseClaims([claim]);
        _ended = true;
    }

    /// <summary>What was neither finished nor given back goes back.</summary>
    public void Dispose()
    {
        Requeue();
        engine.Held.End(claim);
    }
}
