using Asdamir.Data.Storage.Engine.Claims;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A claimed job of a worker. Hangfire asks the storage for a feature by this type's name.</summary>
internal sealed class FetchedJob(WorkerClaim claim) : IFetchedJob
{
    public WorkerClaim Claim => claim;

    public string JobId { get; } = JobIds.Format(claim.Job.JobId);

    public void RemoveFromQueue() => claim.End();

    public void Requeue() => claim.GiveBack();

    public void Dispose() => claim.Dispose();
}
