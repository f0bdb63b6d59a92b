using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A transaction that is still open has changed a job, and did not end while its lock was awaited.</summary>
internal sealed class JobInUseException(string resource, string jobId) : DistributedLockTimeoutException(resource)
{
    public override string Message =>
        $"The job {jobId} cannot be changed: a transaction that is still open has changed it, such as one that adds a continuation to the "
        + "job or ends it. Nothing was written. Fix: end that transaction; then repeat the call.";
}
