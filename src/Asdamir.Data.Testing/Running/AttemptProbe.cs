using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Testing.Running;

/// <summary>Keeps what the job returned that was executed last. Jobs of a host are executed one at a time.</summary>
internal sealed class AttemptProbe : IAttemptProbe
{
    private JobResult? _result;

    /// <returns>What the job returned; <see langword="null"/> when it was not called.</returns>
    public JobResult? TakeResult() => Interlocked.Exchange(ref _result, null);

    public async Task<JobResult> ObserveAsync(IJobContext context, Func<IJobContext, Task<JobResult>> call)
    {
        var result = await call(context).ConfigureAwait(false);
        Volatile.Write(ref _result, result);
        return result;
    }
}
