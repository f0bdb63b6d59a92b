using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>
/// What the dashboard's pages read. Hangfire's page of a job being executed writes the names of servers into its HTML as they
/// are stored, and any app of the schema can store one: without characters of markup they are only names. Secrets are hidden.
/// </summary>
internal sealed class DashboardMonitor(IMonitoringApi monitor, SecretMask mask) : JobStorageMonitor
{
    private const string ServerId = "ServerId";

    public override IList<ServerDto> Servers()
    {
        var servers = monitor.Servers();
        foreach (var server in servers)
            server.Name = Harmless(server.Name);
        return servers;
    }

    public override JobDetailsDto JobDetails(string jobId)
    {
        var details = monitor.JobDetails(jobId);
        if (details is null)
            return null!;
        details.Job = MaskedJob.Of(details.Job, mask);
        if (details.Properties is { } properties)
            details.Properties = mask.Of(properties);
        foreach (var state in details.History ?? [])
        {
            state.Reason = mask.Of(state.Reason);
            if (state.Data is not { } stored)
                continue;
            var data = mask.Of(stored);
            if (data.TryGetValue(ServerId, out var name))
                data[ServerId] = Harmless(name);
            state.Data = data;
        }
        return details;
    }

    public override IList<QueueWithTopEnqueuedJobsDto> Queues() => monitor.Queues();

    public override StatisticsDto GetStatistics() => monitor.GetStatistics();

    public override JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage) => monitor.EnqueuedJobs(queue, from, perPage);

    public override JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage) => monitor.FetchedJobs(queue, from, perPage);

    public override JobList<ProcessingJobDto> ProcessingJobs(int from, int count)
    {
        var jobs = monitor.ProcessingJobs(from, count);
        // The page looks them up among the servers.
        foreach (var (_, job) in jobs)
        {
            if (job is not null)
                job.ServerId = Harmless(job.ServerId);
        }
        return jobs;
    }

    public override JobList<ScheduledJobDto> ScheduledJobs(int from, int count) => monitor.ScheduledJobs(from, count);

    public override JobList<SucceededJobDto> SucceededJobs(int from, int count)
    {
        var jobs = monitor.SucceededJobs(from, count);
        foreach (var (_, job) in jobs)
        {
            if (job?.Result is string result)
                job.Result = mask.Of(result);
        }
        return jobs;
    }

    public override JobList<FailedJobDto> FailedJobs(int from, int count)
    {
        var jobs = monitor.FailedJobs(from, count);
        foreach (var (_, job) in jobs)
        {
            if (job is not null)
            {
                job.Reason = mask.Of(job.Reason);
                job.ExceptionMessage = mask.Of(job.ExceptionMessage);
                job.ExceptionDetails = mask.Of(job.ExceptionDetails);
            }
        }
        return jobs;
    }

    public override JobList<DeletedJobDto> DeletedJobs(int from, int count) => monitor.DeletedJobs(from, count);

    public override JobList<AwaitingJobDto> AwaitingJobs(int from, int count) =>
        Extended(monitor)?.AwaitingJobs(from, count) ?? base.AwaitingJobs(from, count);

    public override long ScheduledCount() => monitor.ScheduledCount();

    public override long EnqueuedCount(string queue) => monitor.EnqueuedCount(queue);

    public override long FetchedCount(string queue) => monitor.FetchedCount(queue);

    public override long FailedCount() => monitor.FailedCount();

    public override long ProcessingCount() => monitor.ProcessingCount();

    public override long SucceededListCount() => monitor.SucceededListCount();

    public override long DeletedListCount() => monitor.DeletedListCount();

    public override long AwaitingCount() => Extended(monitor)?.AwaitingCount() ?? base.AwaitingCount();

    public override IDictionary<DateTime, long> SucceededByDatesCount() => monitor.SucceededByDatesCount();

    public override IDictionary<DateTime, long> FailedByDatesCount() => monitor.FailedByDatesCount();

    public override IDictionary<DateTime, long> DeletedByDatesCount() =>
        Extended(monitor)?.DeletedByDatesCount() ?? base.DeletedByDatesCount();

    public override IDictionary<DateTime, long> HourlySucceededJobs() => monitor.HourlySucceededJobs();

    public override IDictionary<DateTime, long> HourlyFailedJobs() => monitor.HourlyFailedJobs();

    public override IDictionary<DateTime, long> HourlyDeletedJobs() => Extended(monitor)?.HourlyDeletedJobs() ?? base.HourlyDeletedJobs();

    private static JobStorageMonitor? Extended(IMonitoringApi monitor) => monitor as JobStorageMonitor;

    private static string Harmless(string? name) => name is null ? null! : string.Create(name.Length, name, static (safe, name) =>
    {
        for (var i = 0; i < safe.Length; i++)
            safe[i] = name[i] is '<' or '>' or '&' or '"' or '\'' ? '_' : name[i];
    });
}
