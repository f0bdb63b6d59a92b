namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Code around every attempt of a job, such as a tenant, a transaction or an alarm. Add it with
/// <see cref="IHangfireJobsBuilder.AddMiddleware{TMiddleware}"/>. It is created in the scope of the attempt, so it can take the same
/// services as the job.
/// </summary>
/// <remarks>
/// Middleware is called in the order of its registration, inside Hangfire's filters and before the job is created. Its exception is a
/// failed attempt, which is retried, also after a job that succeeded.
/// </remarks>
public interface IJobMiddleware
{
    /// <summary>Calls the job, and does what belongs around it.</summary>
    /// <param name="execution">The attempt.</param>
    /// <param name="next">
    /// Calls the next middleware, at last the job: returns its result, or throws its exception. It can be called once, and must have ended
    /// before the middleware returns.
    /// </param>
    /// <returns>
    /// The result of the attempt, usually that of <paramref name="next"/>. Without calling that, only a failure or
    /// <see cref="JobResult.RunAgainAfter"/>; a success would be one of a job that was not executed, and fails the attempt.
    /// </returns>
#pragma warning disable CA1716 // What middleware of ASP.NET Core calls it, too.
    Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next);
#pragma warning restore CA1716
}
