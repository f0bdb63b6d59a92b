using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// What a process that loads chosen jobs only sees of recurring jobs: its schedulers get those that it may load, and leave all
/// others to the processes they are for.
/// </summary>
internal static class RecurringJobs
{
    public const string KeyPrefix = "recurring-job:";

    // Fields of an entry, each with the parameter that it is for its jobs.
    private static readonly (string Field, string Parameter)[] Given =
    [
        (JobKeys.RecurringField, JobKeys.UniqueParameter),
        (JobPriority.RecurringField, JobPriority.Parameter),
        (JobFairness.RecurringField, JobFairness.Parameter),
        (JobLimits.RecurringField, JobLimits.Parameter),
    ];

    private const string JobField = "Job";
    private const string LastJobField = "LastJobId";

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

    /// <summary>All entries, with the states of their latest jobs. A job that this process must not load stays as it is stored.</summary>
    public static List<RecurringJobItem> All(ISessions sessions, IJobLoader? loader)
    {
        List<(string Id, Dictionary<string, string> Fields)> entries = [];
        foreach (var entry in SetTable.RecurringJobFields(sessions, KeyPrefix).GroupBy(static row => row.Id, StringComparer.Ordinal))
        {
            var fields = entry.Where(static row => row.Field is not null)
                .ToDictionary(static row => row.Field!, static row => row.Value!, StringComparer.Ordinal);
            if (loader is not null && fields.TryGetValue(JobField, out var payload) && !string.IsNullOrWhiteSpace(payload))
                fields[JobField] = StoredJob.LoadPayload(payload, loader) ?? payload;
            entries.Add((entry.Key, fields));
        }
        var states = JobTable.CurrentStates(
            sessions, [.. entries.Select(static entry => LastJobOf(entry.Fields)).OfType<long>().Distinct()]);
        return [.. entries.OrderBy(static entry => entry.Id, StringComparer.Ordinal).Select(entry => new RecurringJobItem
        {
            Id = entry.Id,
            Fields = entry.Fields,
            LastJobState = LastJobOf(entry.Fields) is { } last && states.TryGetValue(last, out var state)
                ? new StateData { Name = state.Name, Reason = state.Reason, Data = UntrustedJson.ReadState(state, loader) }
                : null,
        })];
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

    /// <summary>The parameters that the jobs of an entry get.</summary>
    public static Dictionary<string, string?> ParametersOf(Dictionary<string, string> fields)
    {
        Dictionary<string, string?> parameters = [];
        foreach (var (field, parameter) in Given)
        {
            if (fields.TryGetValue(field, out var value) && !string.IsNullOrEmpty(value))
                parameters[parameter] = value;
        }
        return parameters;
    }

    private static long? LastJobOf(Dictionary<string, string> fields) =>
        JobIds.TryParse(fields.GetValueOrDefault(LastJobField), out var id) ? id : null;
}
