using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.ManualExecution;

/// <summary>A job that a <see cref="ManualJobServer"/> executes.</summary>
public sealed class ManualJobAttempt
{
    private readonly IClaimedJob _claimed;
    private readonly ManualJobCall? _call;
    private readonly Func<Task> _cancel;
    private JobResult? _result;

    /// <param name="claimed">The job.</param>
    /// <param name="call">Stands around the call of the job.</param>
    /// <param name="execute">Executes it until the token is cancelled.</param>
    internal ManualJobAttempt(IClaimedJob claimed, ManualJobCall? call, Func<ManualJobAttempt, CancellationToken, Task> execute)
    {
        _claimed = claimed;
        _call = call;
        // Not disposed: a job may keep its token.
        var stop = new CancellationTokenSource();
        _cancel = stop.CancelAsync;
        Ended = execute(this, stop.Token);
    }

    /// <summary>The id of the job.</summary>
    public string JobId => _claimed.JobId;

    /// <summary>Completes when the job has its next state.</summary>
    public Task Ended { get; }

    /// <summary>
    /// What the job returned; for an exception the failure that it becomes. <see langword="null"/> as long as it has not returned, and when
    /// it was not called, as when a filter has cancelled it.
    /// </summary>
    public JobResult? Result => Volatile.Read(ref _result);

    /// <summary>Cancels the token of the job, as a server that stops.</summary>
    public Task CancelAsync() => _cancel();

    /// <summary>
    /// Puts the job back into its queue, as after the end of its process. What the attempt still executes is not stopped, but what it
    /// writes to the job is refused.
    /// </summary>
    public void Abandon() => _claimed.Dispose();

    internal async Task<JobResult> CallAsync(IJobContext context, Func<IJobContext, Task<JobResult>> call)
    {
        var result = await (_call is null ? call(context) : _call(context, call)).ConfigureAwait(false);
        Volatile.Write(ref _result, result);
        return result;
    }
}
