namespace Asdamir.Data.HangfireJobs;

/// <summary>For which end of others a job of a workflow waits, see <see cref="IJobWorkflow"/>.</summary>
public enum After
{
    /// <summary>
    /// All of them have succeeded. One that has failed, with its attempts used up, keeps the job waiting: it may be requeued. When one is
    /// deleted, the job is deleted, too.
    /// </summary>
    Succeeded,

    /// <summary>All of them have failed, with their attempts used up. When one succeeds or is deleted, the job is deleted.</summary>
    Failed,

    /// <summary>All of them have succeeded, failed or were deleted.</summary>
    Finished,
}
