using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Dialect;

/// <summary>Claims jobs for all claimers of a process, one after the other.</summary>
internal interface IClaimSource : IDisposable
{
    /// <summary>
    /// Claims up to so many jobs for a lease, the first queues first, in a queue by priority and age, and in turns of the fairness keys.
    /// Whole rows: workers read no more.
    /// </summary>
    /// <returns>
    /// Fewer than requested only when the queues have no more jobs: callers look again when a job is announced, or after the poll interval.
    /// </returns>
    IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId);
}
