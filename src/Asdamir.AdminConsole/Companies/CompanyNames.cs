using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Companies;

/// <summary>The names a company uses, read at most once a minute: pages ask for them each time, and they seldom change.</summary>
internal sealed class CompanyNames(Company company, TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recently = TimeSpan.FromDays(7);

    private volatile Entry? _latest;

    /// <returns>The names; those of before, or none, while the storage does not answer.</returns>
    public async Task<KnownNames> ReadAsync()
    {
        var now = time.GetUtcNow();
        var latest = _latest;
        if (latest is not null && now - latest.TriedAt < Age)
            return latest.Names;
        var before = latest?.Names ?? KnownNames.None;
        var names = await company.ReadAsideAsync(monitor =>
        {
            // Also one that fails is not tried again at once: each page would wait for it.
            _latest = new Entry(before, now);
            return ReadAsync(monitor, now);
        }).ConfigureAwait(false);
        if (names is null)
            return before;
        _latest = new Entry(names, now);
        return names;
    }

    // Job types of recent jobs, of failed ones and of schedules.
    private static async Task<KnownNames> ReadAsync(IJobMonitor monitor, DateTimeOffset now)
    {
        var jobs = await monitor.GetJobsAsync(new JobListFilter(), Most).ConfigureAwait(false);
        var failures = await monitor.GetFailuresAsync(now - Recently, Most).ConfigureAwait(false);
        var recurring = await monitor.GetRecurringJobsAsync().ConfigureAwait(false);
        var queues = await monitor.GetQueuesAsync().ConfigureAwait(false);
        return new KnownNames(
            Sorted(
                jobs.Jobs.Select(static job => job.Name)
                    .Concat(failures.Select(static type => type.Name))
                    .Concat(recurring.Select(static job => job.Name))),
            Sorted(queues.Select(static queue => queue.Name)));
    }

    private static List<string> Sorted(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private sealed record Entry(KnownNames Names, DateTimeOffset TriedAt);
}
