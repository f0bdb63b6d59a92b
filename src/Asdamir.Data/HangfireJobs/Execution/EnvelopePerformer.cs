using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Turns every exception of a job into a failure with retries, also one that a filter attribute on the job class throws.
/// Hangfire's worker would treat a <see cref="JobAbortedException"/> as a job whose state has changed, and leave it Processing.
/// </summary>
internal sealed class EnvelopePerformer(IBackgroundJobPerformer inner) : IBackgroundJobPerformer
{
    private const string Reason = "An exception occurred during performance of the job.";

    public object? Perform(PerformContext context)
    {
        if (!JobEnvelope.TryUnwrap(context.BackgroundJob.Job, out _, out _))
            return inner.Perform(context);
        try
        {
            return inner.Perform(context);
        }
        catch (JobAbortedException exception) when (exception is not JobMovedException && !IsMoved(context))
        {
            throw new JobPerformanceException(Reason, StorableException.Of(exception), context.BackgroundJob.Id);
        }
        catch (JobPerformanceException exception) when (
            exception.InnerException is { } cause && StorableException.Of(cause) is var storable && storable != cause)
        {
            throw new JobPerformanceException(exception.Message, storable, context.BackgroundJob.Id);
        }
    }

    // The exception is Hangfire's signal. Hangfire also throws when the app stops, or when the storage does not answer.
    private static bool IsMoved(PerformContext context)
    {
        try
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        catch (Exception exception)
        {
            return exception is JobAbortedException;
        }
    }
}
