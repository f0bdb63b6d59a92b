using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Executes a job with its filters: for our dispatcher without holding a thread, and for Hangfire's worker on the thread of that worker.
/// Every exception of a job becomes a failure with retries, also one that a filter attribute on the job class throws:
/// Hangfire's worker would treat a <see cref="JobAbortedException"/> as a job whose state has changed, and leave it Processing.
/// </summary>
/// <param name="filters">The filters of a job.</param>
/// <param name="executor">Executes the job in an envelope.</param>
/// <param name="plain">Executes plain Hangfire jobs.</param>
internal sealed class EnvelopePerformer(IJobFilterProvider filters, IJobExecutor executor, IBackgroundJobPerformer plain)
    : IBackgroundJobPerformer
{
    private readonly ServerFilters _filters = new(filters);

    public object? Perform(PerformContext context)
    {
        if (!JobEnvelope.TryUnwrap(context.BackgroundJob.Job, out var jobName, out var payload))
            return plain.Perform(context);
        using (JobThreads.Adopt(context.CancellationToken))
            return PerformAsync(jobName, payload, context).GetAwaiter().GetResult();
    }

    /// <summary>The same. A plain Hangfire job is executed before it returns.</summary>
    public Task<object?> PerformAsync(PerformContext context) =>
        JobEnvelope.TryUnwrap(context.BackgroundJob.Job, out var jobName, out var payload)
            ? PerformAsync(jobName, payload, context)
            : Task.FromResult<object?>(plain.Perform(context));

    private async Task<object?> PerformAsync(string jobName, string? payload, PerformContext context)
    {
        HangfireParts.SetPerformer(context, this);
        try
        {
            return await _filters
                .ExecuteAsync(
                    context, () => executor.ExecuteAsync(jobName, payload, context, context.CancellationToken.ShutdownToken))
                .ConfigureAwait(false);
        }
        catch (JobAbortedException exception) when (exception is not JobMovedException && !ServerFilters.IsMoved(context))
        {
            throw Failure(ServerFilters.Reason, exception, context);
        }
        catch (JobPerformanceException exception) when (
            exception.InnerException is { } cause && StorableException.Of(cause) is var storable && storable != cause)
        {
            throw Failure(exception.Message, cause, context);
        }
        finally
        {
            HangfireParts.SetPerformer(context, null);
        }
    }

    private static JobPerformanceException Failure(string message, Exception cause, PerformContext context) =>
        new(message, StorableException.Of(cause), context.BackgroundJob.Id);
}
