using System.Data.Common;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Changes the state of a job that waits for another one. It happens in the commit that ends the other job, so a filter of the app
/// that throws would undo that end: instead the waiting job fails.
/// </summary>
/// <param name="inner">Changes states with all filters.</param>
/// <param name="withoutAppFilters">Changes states with the filters of this package only.</param>
/// <param name="isOfAFilter">Whether a filter of the app has thrown an exception.</param>
/// <param name="log">The log for failed jobs.</param>
internal sealed partial class ContinuationStarter(
    IBackgroundJobStateChanger inner, IBackgroundJobStateChanger withoutAppFilters, Func<Exception, bool> isOfAFilter, ILogger log)
    : IBackgroundJobStateChanger
{
    public IState ChangeState(StateChangeContext context)
    {
        try
        {
            return inner.ChangeState(context);
        }
        catch (Exception exception) when (!IsOfStorage(exception, context))
        {
            Log.FilterFailed(log, exception, new LogText(context.BackgroundJobId));
            var failed = new FailedState(StorableException.Of(exception))
            {
                Reason = "A filter failed when the job that this one waits for had ended",
            };
            return withoutAppFilters.ChangeState(new StateChangeContext(
                context.Storage, context.Connection, context.Transaction, context.BackgroundJobId, failed, context.ExpectedStates,
                context.CancellationToken));
        }
    }

    // The end of the other job is then retried, and this one with it.
    private bool IsOfStorage(Exception exception, StateChangeContext context) =>
        exception is JobStorageUnavailableException
        || (exception is DistributedLockTimeoutException { Resource: { } locked }
            && locked.Contains(context.BackgroundJobId, StringComparison.Ordinal))
        || (exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        || (exception is DbException && context.Storage is not SqlJobStorage && !isOfAFilter(exception));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1124, Level = LogLevel.Error,
            Message = "The job {JobId} waited for a job that has ended, and a filter failed when it was to start; it was marked as failed. "
                + "Fix: correct the filter, then requeue the job")]
        public static partial void FilterFailed(ILogger logger, Exception exception, LogText jobId);
    }
}
