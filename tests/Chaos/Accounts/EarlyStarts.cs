using Asdamir.Data.Storage;

namespace Chaos.Accounts;

/// <summary>Continuations that began before the success of the job they waited for was done and committed.</summary>
internal static class EarlyStarts
{
    public static IEnumerable<string> Find(Books books, SqlJobStorage storage)
    {
        var monitor = storage.GetMonitoringApi();
        var byTag = books.Executions.ToLookup(static execution => execution.Tag);
        var byJob = books.Executions.ToLookup(static execution => execution.JobId);
        foreach (var request in books.Requests.Where(static request => request.Parent is not null))
        {
            if (byTag[request.Tag].MinBy(static execution => execution.Begun) is not { } first)
                continue;
            // A success that was refused leaves no trace: the job is executed again, and then succeeds later.
            var history = monitor.JobDetails(request.Parent)?.History ?? [];
            var succeeded = history.LastOrDefault(static state => state.StateName == "Succeeded");
            var isDone = byJob[request.Parent!].Any(parent => parent.IsDone && parent.Over <= first.Begun);
            if (!isDone || succeeded is null || succeeded != history[0] || succeeded.CreatedAt > first.Begun)
            {
                yield return $"job {first.JobId} began {first.Begun:HH:mm:ss.fff} in {first.Life.Name}; its parent {request.Parent}: "
                    + $"{string.Join(", ", history.Reverse().Select(static state => $"{state.StateName} {state.CreatedAt:HH:mm:ss.fff}"))}";
            }
        }
    }
}
