using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>The method call of a job as the dashboard shows it. Hangfire shows a plain job as the call it is.</summary>
internal static class MaskedJob
{
    public static Job Of(Job job, SecretMask mask)
    {
        if (JobEnvelope.TryUnwrap(job, out var jobName, out var payload))
            return JobEnvelope.Wrap(jobName, mask.Of(payload), job.Queue);
        if (job is null)
            return null!;
        var names = job.Method.GetParameters();
        object?[] arguments = [.. job.Args.Select((argument, i) => argument is string text ? mask.Of(names[i].Name, text) : argument)];
        return new Job(job.Type, job.Method, arguments, job.Queue);
    }
}
