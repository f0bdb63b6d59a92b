using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>What the dashboard calls a job: its job's name and its app, not the envelope every job is stored as.</summary>
internal static class DashboardNames
{
    public static string Of(Job job) =>
        !JobEnvelope.TryUnwrap(job, out var jobName, out _) ? job.ToString()
        : job.Queue is { } app ? $"{jobName} · {app}"
        : jobName;
}
