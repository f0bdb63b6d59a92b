using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a queue, by its name.</summary>
internal sealed class QueueAction(QueueActionKind kind, JobStorage storage, QueuesReader queues)
{
    private const string Unknown =
        "This queue has no jobs, and no server has listened to it within the last 24 hours. The pause holds for an app that is deployed "
        + "later.";

    public JobActionResult On(JobActionRequest request, Func<string, bool> isMine)
    {
        var queue = request.Queue!;
        if (!isMine(queue))
            return JobActionResult.Refused(queue, $"There is no queue '{queue}'.");
        if (storage is not IJobPauses pauses)
        {
            return JobActionResult.Refused(
                queue,
                $"{storage.GetType().Name} cannot pause queues. Fix: use {nameof(SqliteJobStorage)} or {nameof(PostgreSqlJobStorage)}, or "
                    + "stop the servers of the queue.");
        }
        try
        {
            var known = queues.Read(app: null).FirstOrDefault(known => known.Name == queue);
            if (known is null && Names.FaultOfQueue(queue) is { } fault)
                return JobActionResult.Refused(queue, $"The name '{queue}' {fault}. Fix: use the name of a queue.");
            if (!kind.Execute(pauses, request))
                return JobActionResult.Refused(queue, $"The queue '{queue}' {kind.Refusal}");
            return JobActionResult.Success with { Remarks = known is null ? [new JobActionRemark(queue, Unknown)] : [] };
        }
        catch (ArgumentException exception)
        {
            // .NET appends the name of the parameter, which says nothing here.
            return JobActionResult.Refused(queue, exception.Message.Split(" (Parameter '")[0]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return JobActionResult.Error(queue, exception.GetBaseException().Message);
        }
    }
}
