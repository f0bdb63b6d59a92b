namespace Asdamir.Data.Storage.Claims;

/// <summary>A connection that claims runs of certain queues.</summary>
internal interface IClaimSource : IDisposable
{
    /// <summary>Claims up to so many runs for a lease, the first queues first, the oldest first. Whole rows: workers read no more.</summary>
    IReadOnlyList<ClaimedJob> Claim(int count, long leaseId);
}
