using System.Diagnostics;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Traces of jobs. An execution continues the trace of the enqueuer, across processes.</summary>
internal static class JobTrace
{
    public const string SourceName = "Asdamir.Data.HangfireJobs";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartEnqueue(string jobName, string queue) =>
        Start("enqueue", ActivityKind.Producer, jobName, queue, default);

    public static Activity? StartExecution(string jobName, string jobId, string queue, JobPayload payload)
    {
        ActivityContext.TryParse(payload.TraceParent, payload.TraceState, isRemote: true, out var parent);
        return Start("process", ActivityKind.Consumer, jobName, queue, parent)?.SetTag("messaging.message.id", jobId);
    }

    public static void Fail(Activity? activity, Exception exception)
    {
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity?.SetTag("error.type", exception.GetType().FullName);
    }

    private static Activity? Start(string operation, ActivityKind kind, string jobName, string queue, ActivityContext parent) =>
        Source.StartActivity($"{operation} {jobName}", kind, parent)?
            .SetTag("messaging.system", "hangfire")
            .SetTag("messaging.operation.name", operation)
            .SetTag("messaging.operation.type", operation == "enqueue" ? "send" : "process")
            .SetTag("messaging.destination.name", queue)
            .SetTag("asdamir.job.name", jobName);
}
