using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>A job that a <see cref="ManualServer"/> executes.</summary>
internal sealed class ManualAttempt
{
    private readonly IClaimedJob _claimed;
    private readonly Func<Task> _cancel;

    /// <param name="claimed">The job.</param>
    /// <param name="execute">Executes it until the token is cancelled.</param>
    public ManualAttempt(IClaimedJob claimed, Func<CancellationToken, Task> execute)
    {
        _claimed = claimed;
        // Not disposed: a job may keep its token.
        var stop = new CancellationTokenSource();
        _cancel = stop.CancelAsync;
        Ended = execute(stop.Token);
    }

    public string JobId => _claimed.JobId;

    /// <summary>Completes when the job has its next state.</summary>
    public Task Ended { get; }

    /// <summary>Cancels the token of the job, as a server that stops.</summary>
    public Task CancelAsync() => _cancel();

    /// <summary>Puts the job back into its queue, as after the end of its process. What the attempt still does is its own affair.</summary>
    public void Abandon() => _claimed.Dispose();
}
