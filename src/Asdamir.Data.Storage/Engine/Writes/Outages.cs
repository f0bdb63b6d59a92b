namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// Hangfire tries a change of state five or ten times, and then marks the job as failed, past all filters and so past its
/// retries. A temporary outage of the database would then end a healthy job.
/// </summary>
internal static class Outages
{
    // As of Hangfire 1.8: the start of the reason in Worker and DelayedJobScheduler.
    private const string GaveUp = "Failed to change state to ";

    /// <exception cref="JobStorageUnavailableException">
    /// A job is to fail because of an outage. The worker puts it back into its queue then, and the scheduler leaves it scheduled.
    /// </exception>
    public static void CheckFailures(WriteSet set)
    {
        foreach (var job in set.Jobs)
        {
            if (job.State is { Name: "Failed", Reason: { } reason } state
                && reason.StartsWith(GaveUp, StringComparison.Ordinal)
                && state.Data.Contains($"\"{typeof(JobStorageUnavailableException).FullName}\"", StringComparison.Ordinal))
            {
                throw new JobStorageUnavailableException(
                    $"The job {job.Id} was not marked as failed: the job itself did not fail, the job storage could not be used when its "
                        + "state changed. Nothing was written. No action needed; the change is retried.");
            }
        }
    }
}
