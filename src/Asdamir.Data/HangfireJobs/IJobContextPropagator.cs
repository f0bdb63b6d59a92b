namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Takes what is ambient where a job is enqueued, such as the tenant, the user or a correlation id, to where it is executed. Add it with
/// <see cref="IHangfireJobsBuilder.AddContextPropagator{TPropagator}"/>; one instance serves all threads.
/// </summary>
/// <remarks>
/// The values are stored with the job and stay the same in all its attempts. What a job enqueues gets the values of that job. A job of a
/// schedule has none: no call is ambient when it is due.
/// </remarks>
public interface IJobContextPropagator
{
    /// <summary>
    /// Adds what is ambient now. Called once for each call that enqueues jobs, on the thread of the caller. An exception fails that call.
    /// </summary>
    /// <param name="values">
    /// What is stored with the job, by names of up to 100 characters; all of it at most 4,096 bytes as JSON. When a job is the caller, it
    /// holds the values of that job, which may be changed and removed.
    /// </param>
    void Capture(IDictionary<string, string> values);

    /// <summary>
    /// Makes the values ambient again. Called for each attempt, before its middleware and its job are created; also for jobs without
    /// values. What it sets in an <see cref="AsyncLocal{T}"/> flows into the job. An exception is a failed attempt.
    /// </summary>
    /// <param name="values">What was stored; untrusted, as every app of the schema can write jobs.</param>
    /// <param name="services">The scope of the attempt.</param>
    void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services);
}
