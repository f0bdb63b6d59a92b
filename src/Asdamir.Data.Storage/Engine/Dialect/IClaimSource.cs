using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Dialect;

/// <summary>Claims jobs for all claimers of a process, one after the other.</summary>
internal interface IClaimSource : IDisposable
{
    /// <summary>
    /// Claims up to so many jobs for a lease, the first queues first, the oldest first. Whole rows: workers read no more.
    /// </summary>
    IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId);
}
