using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.HangfireJobs.ManualExecution;

/// <summary>Hands the calls of jobs to the attempts that a <see cref="ManualJobServer"/> has begun.</summary>
internal sealed class ManualCalls : IAttemptProbe
{
    private readonly ConcurrentDictionary<string, ManualJobAttempt> _begun = new(StringComparer.Ordinal);

    public void Add(ManualJobAttempt attempt) => _begun[attempt.JobId] = attempt;

    public Task<JobResult> ObserveAsync(IJobContext context, Func<IJobContext, Task<JobResult>> call) =>
        _begun.TryRemove(context.JobId, out var attempt) ? attempt.CallAsync(context, call) : call(context);
}
