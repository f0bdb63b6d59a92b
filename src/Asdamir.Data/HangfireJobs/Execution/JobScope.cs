using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The service scope of one execution. Its disposal cannot change the outcome of the job: exceptions are logged, and a disposal
/// that does not end is abandoned a grace period after the job is cancelled (timeout, shutdown, deletion).
/// </summary>
internal sealed partial class JobScope(
    AsyncServiceScope scope, JobLogger log, string jobName, TimeProvider time, CancellationToken cancellationToken) : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public IServiceProvider Services => scope.ServiceProvider;

    public async ValueTask DisposeAsync()
    {
        try
        {
            var disposal = scope.DisposeAsync();
            if (disposal.IsCompletedSuccessfully)
                return;
            using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            await using var _ = cancellationToken.UnsafeRegister(
                static patience => ((CancellationTokenSource)patience!).CancelAfter(Grace), patience).ConfigureAwait(false);
            await disposal.AsTask().WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.NotDisposed(log, exception, jobName);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1113, Level = LogLevel.Warning,
            Message = "The scope of job {JobName} could not be disposed. The outcome of the job stands. "
                + "Fix: correct the Dispose of the scoped service that the exception names")]
        public static partial void NotDisposed(ILogger logger, Exception exception, string jobName);
    }
}
