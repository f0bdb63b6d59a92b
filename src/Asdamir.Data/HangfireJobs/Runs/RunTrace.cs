using System.Diagnostics;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>Traces of runs. The execution continues the trace of whoever enqueued the run, across processes.</summary>
internal static class RunTrace
{
    public const string SourceName = "Asdamir.Data.HangfireJobs";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartEnqueue(string jobName, string queue) =>
        Start("enqueue", ActivityKind.Producer, jobName, queue, default);

    public static Activity? StartExecution(string jobName, string runId, string queue, RunPayload payload)
    {
        ActivityContext.TryParse(payload.TraceParent, payload.TraceState, isRemote: true, out var parent);
        return Start("process", ActivityKind.Consumer, jobName, queue, parent)?.SetTag("messaging.message.id", runId);
    }

    /// <summary>Marks the span as failed. Returns <see langword="false"/>, to be used as an exception filter.</summary>
    public static bool Fail(Activity? activity, Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            activity?.SetTag("error.type", exception.GetType().FullName);
        }
        return false;
    }

    private static Activity? Start(string operation, ActivityKind kind, string jobName, string queue, ActivityContext parent) =>
        Source.StartActivity($"{operation} {jobName}", kind, parent)?
            .SetTag("messaging.system", "hangfire")
            .SetTag("messaging.operation.type", operation == "enqueue" ? "send" : "process")
            .SetTag("messaging.destination.name", queue)
            .SetTag("asdamir.job.name", jobName);
}
