using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// What a process that loads chosen jobs only sees of recurring jobs: its schedulers get those that it may load, and leave all
/// others to the processes they are for.
/// </summary>
internal static class RecurringJobs
{
    public const string KeyPrefix = "recurring-job:";

    private const string JobField = "Job";

    /// <summary>Replaces the job by what this process would store for it, or takes it away when the process must not load it.</summary>
    public static void Guard(Dictionary<string, string> hash, IJobLoader loader)
    {
        if (!hash.TryGetValue(JobField, out var payload) || string.IsNullOrWhiteSpace(payload))
            return;
        if (StoredJob.LoadPayload(payload, loader) is { } job)
            hash[JobField] = job;
        else
            hash.Remove(JobField);
    }

    /// <returns>The first entries by score that this process may load; also those without a job, as Hangfire removes or reports
    /// them.</returns>
    public static List<string> Loadable(ISessions sessions, IJobLoader loader, double fromScore, double toScore, int count)
    {
        List<string> found = [];
        for (var (offset, isLast) = (0L, false); found.Count < count && !isLast; offset += count)
        {
            var page = SetTable.RecurringJobs(sessions, KeyPrefix, JobField, fromScore, toScore, offset, count);
            isLast = page.Count < count;
            found.AddRange(
                page.Where(entry => string.IsNullOrWhiteSpace(entry.Value) || StoredJob.LoadPayload(entry.Value, loader) is not null)
                    .Select(static entry => entry.Id));
        }
        return found.Count > count ? found[..count] : found;
    }
}
