using System.Runtime.ExceptionServices;
using Hangfire.Common;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Calls Hangfire's filters around the execution of a job, as its performer does, but holds no thread while the job waits.
/// </summary>
internal sealed class ServerFilters(IJobFilterProvider provider)
{
    /// <summary>The message of a failure, which Hangfire stores as the reason of the state.</summary>
    public const string Reason = "An exception occurred during performance of the job.";
    private const string CanceledBy = "X_HF_Canceled";

    /// <summary>The filter that kept the job from being executed.</summary>
    public static object? CancelingFilterOf(PerformContext context) =>
        context.Items.TryGetValue(CanceledBy, out var filter) ? filter : null;

    /// <returns>The result of the job; <see langword="null"/> when a filter cancelled it or handled its exception.</returns>
    /// <exception cref="JobAbortedException">The job is not this worker's any more.</exception>
    /// <exception cref="JobPerformanceException">The job or a filter failed.</exception>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<object?> ExecuteAsync(PerformContext context, Func<Task<string?>> job)
    {
        var filters = provider.GetFilters(context.BackgroundJob.Job).Select(static filter => filter.Instance).ToList();
        try
        {
            return await ExecuteAsync(context, job, [.. filters.OfType<IServerFilter>()]).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not JobAbortedException && !IsStop(exception, context))
        {
            if (!IsHandled(context, exception, filters.OfType<IServerExceptionFilter>().Reverse()))
                throw;
            return null;
        }
    }

    private static async Task<object?> ExecuteAsync(PerformContext context, Func<Task<string?>> job, IServerFilter[] filters)
    {
        if (filters.Length == 0)
            return await InvokeAsync(context, job).ConfigureAwait(false);
        var performing = new PerformingContext(context);
        var performed = new PerformedContext(context, null, false, null);
        var begun = 0;
        Exception? error = null;
        try
        {
            while (begun < filters.Length && TryBegin(filters[begun], performing))
                begun++;
            performed = begun < filters.Length
                ? new PerformedContext(performing, null, true, null)
                : new PerformedContext(context, await InvokeAsync(context, job).ConfigureAwait(false), false, null);
        }
        catch (Exception exception)
        {
            error = exception;
        }
        for (var i = begun - 1; i >= 0; i--)
            (performed, error) = End(filters[i], performing, performed, error);
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return performed.Result;
    }

    private static bool TryBegin(IServerFilter filter, PerformingContext performing)
    {
        Invoke(performing, () => filter.OnPerforming(performing));
        if (performing.Canceled)
            performing.Items.TryAdd(CanceledBy, filter.GetType().Name);
        return !performing.Canceled;
    }

    // A filter sees the exception of the job, or of a filter inside it, and may handle it; those outside then see none.
    private static (PerformedContext Performed, Exception? Error) End(
        IServerFilter filter, PerformingContext performing, PerformedContext performed, Exception? error)
    {
        var seen = error is null ? performed : new PerformedContext(performing, null, false, error);
        try
        {
            Invoke(seen, () => filter.OnPerformed(seen));
        }
        catch (Exception exception)
        {
            return (seen, exception);
        }
        return (seen, error is null || seen.ExceptionHandled ? null : error);
    }

    private static bool IsHandled(PerformContext context, Exception error, IEnumerable<IServerExceptionFilter> filters)
    {
        var failed = new ServerExceptionContext(context, error);
        foreach (var filter in filters)
            Invoke(failed, () => filter.OnServerException(failed));
        return failed.ExceptionHandled;
    }

    private static void Invoke(PerformContext context, Action call)
    {
        try
        {
            call();
        }
        catch (Exception exception)
        {
            throw Classify(exception, context);
        }
    }

    private static async Task<string?> InvokeAsync(PerformContext context, Func<Task<string?>> job)
    {
        try
        {
            return await job().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw Classify(exception, context);
        }
    }

    // What Hangfire's worker makes of an exception depends on its type.
    private static Exception Classify(Exception exception, PerformContext context) =>
        exception is JobAbortedException ? exception
        : !IsStop(exception, context) ? new JobPerformanceException(Reason, exception, context.BackgroundJob.Id)
        : IsMoved(context) ? new JobAbortedException()
        : exception;

    private static bool IsStop(Exception exception, PerformContext context) =>
        exception is OperationCanceledException && context.CancellationToken.ShutdownToken.IsCancellationRequested;

    /// <summary>Whether the job has another state by now, or another worker.</summary>
    public static bool IsMoved(PerformContext context)
    {
        // The exception is Hangfire's signal. Hangfire also throws when the app stops, or when the storage does not answer.
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
