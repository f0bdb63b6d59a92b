using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>The name of a job on the dashboard: its job type and its app, not the envelope that every job is stored as.</summary>
internal static class DashboardNames
{
    public static string Of(Job job) =>
        !JobEnvelope.TryUnwrap(job, out var jobName, out _) ? job.ToString()
        : job.Queue is { } app ? $"{jobName} · {app}"
        : jobName;
}
