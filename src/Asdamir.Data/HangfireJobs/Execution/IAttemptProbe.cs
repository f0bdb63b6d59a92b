namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Sees the call of each job in this process. Without such a service jobs are called directly.</summary>
internal interface IAttemptProbe
{
    /// <summary>Calls the job.</summary>
    /// <param name="context">The context of the attempt.</param>
    /// <param name="call">Calls it with a context; never throws.</param>
    /// <returns>What the job returned, or the failure that its exception became.</returns>
    Task<JobResult> ObserveAsync(IJobContext context, Func<IJobContext, Task<JobResult>> call);
}
