using System.Diagnostics;
using System.Globalization;
using System.Text;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Testing.Assertions;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Testing.Running;

/// <summary>Executes jobs one at a time, in the order in which a server with one worker would.</summary>
internal sealed class JobRunner(
    ManualJobServer server, JobReader reader, IJobMonitor monitor, FakeTimeProvider clock, JobHostOptions options) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);

    private TimeSpan Limit => Debugger.IsAttached ? Timeout.InfiniteTimeSpan : options.Timeout;

    /// <summary>Executes one job that waits in its queue.</summary>
    /// <exception cref="InvalidOperationException">It does not wait, or cannot be created.</exception>
    public async Task<JobRun> RunAsync(string jobId, CancellationToken cancellationToken)
    {
        using var _ = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        var attempt = await BeginAsync(jobId, call: null).ConfigureAwait(false);
        return await EndAsync(attempt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes one job that waits in its queue, unless it is abandoned before its end.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="call">Stands around its call.</param>
    /// <param name="abandoned">Completes when the attempt is to be left as if its process had died.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns><see langword="null"/> when it was abandoned.</returns>
    /// <inheritdoc cref="RunAsync(string, CancellationToken)" path="/exception"/>
    public async Task<JobRun?> RunAsync(string jobId, ManualJobCall call, Task abandoned, CancellationToken cancellationToken)
    {
        using var _ = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        var attempt = await BeginAsync(jobId, call).ConfigureAwait(false);
        await WaitAsync(attempt, Task.WhenAny(attempt.Ended, abandoned), cancellationToken).ConfigureAwait(false);
        if (attempt.Ended.IsCompleted)
            return await RunOfAsync(attempt).ConfigureAwait(false);
        attempt.Abandon();
        return null;
    }

    /// <summary>Executes what waits and is due, until nothing is left.</summary>
    public async Task<IReadOnlyList<JobRun>> DrainAsync(CancellationToken cancellationToken)
    {
        using var _ = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        List<JobRun> runs = [];
        await DrainAsync(runs, cancellationToken).ConfigureAwait(false);
        return runs;
    }

    /// <summary>
    /// Sets the clock to each time at which something is due, and at last to the given one, and executes what is due then.
    /// </summary>
    public async Task<IReadOnlyList<JobRun>> AdvanceAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        if (time < clock.GetUtcNow())
        {
            throw new ArgumentOutOfRangeException(
                nameof(time), time,
                string.Create(CultureInfo.InvariantCulture, $"The clock is at {clock.GetUtcNow():u} and cannot go back."));
        }
        using var _ = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        List<JobRun> runs = [];
        await DrainAsync(runs, cancellationToken).ConfigureAwait(false);
        while (server.NextDue() is { } due && due <= time)
        {
            if (due <= clock.GetUtcNow())
                throw new InvalidOperationException(await WhyNotFiredAsync().ConfigureAwait(false));
            clock.SetUtcNow(due);
            await DrainAsync(runs, cancellationToken).ConfigureAwait(false);
        }
        clock.SetUtcNow(time);
        await DrainAsync(runs, cancellationToken).ConfigureAwait(false);
        return runs;
    }

    public void Dispose() => _turn.Dispose();

    private async Task DrainAsync(List<JobRun> runs, CancellationToken cancellationToken)
    {
        while (true)
        {
            server.StartDue();
            if (await server.BeginAsync().ConfigureAwait(false) is not { } attempt)
                return;
            runs.Add(await EndAsync(attempt, cancellationToken).ConfigureAwait(false));
            if (runs.Count >= options.MaxRuns)
                await FailIfAnyIsLeftAsync(runs).ConfigureAwait(false);
        }
    }

    private async Task<ManualJobAttempt> BeginAsync(string jobId, ManualJobCall? call)
    {
        server.StartDue();
        return await server.BeginAsync(jobId, call).ConfigureAwait(false)
            ?? throw new InvalidOperationException(await WhyNotWaitingAsync(jobId).ConfigureAwait(false));
    }

    private async Task<JobRun> EndAsync(ManualJobAttempt attempt, CancellationToken cancellationToken)
    {
        await WaitAsync(attempt, attempt.Ended, cancellationToken).ConfigureAwait(false);
        return await RunOfAsync(attempt).ConfigureAwait(false);
    }

    private async Task WaitAsync(ManualJobAttempt attempt, Task end, CancellationToken cancellationToken)
    {
        try
        {
            await end.WaitAsync(Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(await StopAsync(attempt).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            await StopAsync(attempt).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<JobRun> RunOfAsync(ManualJobAttempt attempt)
    {
        var run = await reader.RunOfAsync(attempt.JobId, attempt.Result).ConfigureAwait(false);
        if (run.Result is null && await reader.LatestFailureAsync(run.JobId).ConfigureAwait(false) is { } failure)
        {
            throw new InvalidOperationException(
                $"{run.JobName} could not be created: {failure} Fix: register what its constructor needs with the services of the host.");
        }
        return run;
    }

    /// <returns>What is known of the job, which has not ended.</returns>
    private async Task<string> StopAsync(ManualJobAttempt attempt)
    {
        var run = await reader.RunOfAsync(attempt.JobId, result: null).ConfigureAwait(false);
        await attempt.CancelAsync().ConfigureAwait(false);
        await attempt.Ended.WaitAsync(Grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!attempt.Ended.IsCompleted)
            attempt.Abandon();
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{run.JobName} '{run.JobId}' has not ended after {options.Timeout:c}, the limit of JobHostOptions.Timeout.");
        RunText.AddProgress(text, run);
        text.Append("  Fix: when the job waits by the TimeProvider, call host.Clock.Advance(…) while it runs; otherwise see what it "
            + "awaits.");
        return text.ToString();
    }

    private async Task FailIfAnyIsLeftAsync(List<JobRun> runs)
    {
        server.StartDue();
        var left = (await reader.AllAsync().ConfigureAwait(false)).Where(static job => job.State == JobState.Enqueued).ToList();
        if (left.Count == 0)
            return;
        throw new JobAssertionException(
            $"{runs.Count} jobs were executed, the limit of {nameof(JobHostOptions)}.{nameof(JobHostOptions.MaxRuns)}, and {left.Count} "
            + $"still {(left.Count == 1 ? "waits" : "wait")}:{Environment.NewLine}{RunText.ListOf(left)}{Environment.NewLine}"
            + "Fix: run a job that enqueues itself with RunAsync, or raise the limit.");
    }

    private async Task<string> WhyNotWaitingAsync(string jobId)
    {
        var job = (await reader.AllAsync().ConfigureAwait(false)).FirstOrDefault(job => job.Id == jobId);
        return job is null
            ? $"There is no job '{jobId}' in this host."
            : $"Only a job that waits in its queue can be run, and this one does not:{Environment.NewLine}{RunText.ListOf([job])}";
    }

    private async Task<string> WhyNotFiredAsync()
    {
        var all = await monitor.GetRecurringJobsAsync().ConfigureAwait(false);
        var broken = all.FirstOrDefault(static job => job.Error is not null);
        return $"The recurring job '{broken?.Id}' is due, and could not create its job: {broken?.Error}";
    }

    private async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(Limit, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException(
                "The host executes another job, which has not ended. Fix: await each call of the host, and do not call it inside a job.");
        }
        return new Turn(_turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
