namespace Asdamir.Data.HangfireJobs.ManualExecution;

/// <summary>Stands around the call of a job: it sees the context and the result, and may pass another context to the job.</summary>
/// <param name="context">The context of the attempt.</param>
/// <param name="call">Calls the job with a context. It never throws: an exception of the job is a failed result.</param>
/// <returns>The result with which the attempt ends. A task that never completes leaves the attempt as it is, so that it can be abandoned
/// (<see cref="ManualJobAttempt.Abandon"/>).</returns>
public delegate Task<JobResult> ManualJobCall(IJobContext context, Func<IJobContext, Task<JobResult>> call);
