using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Logging;
using Hangfire.Server;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// One claimed job, from its claim to its end. What becomes of it is what Hangfire's worker would make of it: it succeeds, fails, is given
/// back when the server stops, or is left alone when it was moved away meanwhile.
/// </summary>
internal sealed class JobAttempt(
    AttemptParts parts, BackgroundProcessContext server, JobSlots slots, AttemptWatch watch, IClaimedJob claimed)
{
    private static readonly string[] BeforeStart = [EnqueuedState.StateName, ScheduledState.StateName, ProcessingState.StateName];
    private static readonly string[] BeforeEnd = [ProcessingState.StateName];

    private readonly ILog _log = LogProvider.GetLogger(typeof(JobDispatcher));
    private int _slots = 1;
    private bool _isEnding;
    private CancellationTokenSource? _stuckWatch;
    private volatile bool _hasPerformed;

    /// <summary>Never throws.</summary>
    public async Task ExecuteAsync()
    {
        using var token = new AttemptToken(parts.Storage, claimed, server.StoppedToken) { States = parts.States };
        try
        {
            await parts.Threads.SwitchTo(token);
            using (claimed)
                await ExecuteAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (server.IsStopping)
        {
            // It was given back.
        }
        catch (Exception exception)
        {
            _log.WarnException($"Job {claimed.JobId} could not be brought to its end, and was given back to its queue.", exception);
        }
        finally
        {
            FreeSlot();
            if (_isEnding)
                slots.EndEnd();
        }
    }

    private async Task ExecuteAsync(AttemptToken token)
    {
        try
        {
            if (claimed.SkippedBy is { } limit)
            {
                await SkipAsync(limit, token).ConfigureAwait(false);
                return;
            }
            var start = new StateChange(HangfireParts.NewProcessingState(claimed.ServerId, claimed.WorkerId), BeforeStart);
            var (applied, job) = await parts.States.ChangeAsync(claimed, token, start, null, server.StoppingToken).ConfigureAwait(false);
            // It does not exist any more, or a filter has moved it elsewhere.
            if (job is not null && applied!.Name == ProcessingState.StateName
                && await PerformAsync(job, token).ConfigureAwait(false) is { } end && !token.HasEnded)
            {
                await EndAsync(end, token).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            await parts.Threads.SwitchTo(token);
            GiveBack();
            throw;
        }
        claimed.RemoveFromQueue();
    }

    private async Task SkipAsync(string limit, AttemptToken token)
    {
        var skip = new DeletedState { Reason = JobLimits.SkipReason(limit) };
        await parts.States.ChangeAsync(
            claimed, token, new StateChange(skip, BeforeStart) { Completed = claimed }, FreeSlot, server.StoppingToken)
            .ConfigureAwait(false);
        claimed.RemoveFromQueue();
    }

    /// <returns>How it ends; <see langword="null"/> when it was moved away.</returns>
    private async Task<StateChange?> PerformAsync(BackgroundJob job, AttemptToken token)
    {
        await parts.Threads.SwitchTo(token);
        watch.Add(token);
        token.Cancelled = timeout => WatchStuck(token, job, timeout);
        try
        {
            var context = HangfireParts.NewPerformContext(parts.Storage, claimed.Connection, job, token, server.ServerId);
            var latency = parts.Time.GetUtcNow().UtcDateTime - job.CreatedAt;
            var started = parts.Time.GetTimestamp();
            var result = await parts.Performer.PerformAsync(context).ConfigureAwait(false);
            IState state = ServerFilters.CancelingFilterOf(context) is { } filter
                ? new DeletedState { Reason = $"Canceled by filter '{filter}'" }
                : new SucceededState(
                    result, (long)latency.TotalMilliseconds, (long)parts.Time.GetElapsedTime(started).TotalMilliseconds);
            return new StateChange(state, BeforeEnd) { CustomData = new Dictionary<string, object>(context.Items) };
        }
        catch (JobAbortedException)
        {
            return null;
        }
        catch (OperationCanceledException) when (token.IsAborted && !server.IsStopped)
        {
            return null;
        }
        catch (JobPerformanceException exception)
        {
            return Failed(exception.InnerException!, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !server.IsStopped)
        {
            return Failed(exception, "An exception occurred during processing of a background job.");
        }
        finally
        {
            watch.Remove(token);
            _hasPerformed = true;
            Volatile.Read(ref _stuckWatch)?.Cancel();
        }
    }

    // Most jobs are never cancelled, so it is created late.
    private void WatchStuck(AttemptToken token, BackgroundJob job, AttemptTimeout? timeout)
    {
        var ended = new CancellationTokenSource();
        // It may be cancelled twice, and end meanwhile.
        if (Interlocked.CompareExchange(ref _stuckWatch, ended, null) is null && !_hasPerformed)
            _ = Detached.Start(() => parts.Stuck.WatchAsync(token, job, timeout, FreeSlot, ended.Token));
    }

    private StateChange Failed(Exception exception, string reason) =>
        new(new FailedState(exception, server.ServerId) { Reason = reason }, BeforeEnd);

    private async Task EndAsync(StateChange end, AttemptToken token)
    {
        await slots.BeginEndAsync().ConfigureAwait(false);
        _isEnding = true;
        await parts.Threads.SwitchTo(token);
        await parts.States.ChangeAsync(claimed, token, end with { Completed = claimed }, FreeSlot, server.ShutdownToken)
            .ConfigureAwait(false);
    }

    private void FreeSlot()
    {
        slots.Release(Interlocked.Exchange(ref _slots, 0));
    }

    private void GiveBack()
    {
        if (server.IsStopping)
            _log.Warn($"The server stops while job {claimed.JobId} is executed; it is given back to its queue.");
        try
        {
            claimed.Requeue();
        }
        catch (Exception exception)
        {
            _log.WarnException($"Job {claimed.JobId} could not be given back to its queue at once.", exception);
        }
    }
}
