using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The arguments of a job as stored: of an envelope those of its job, of any other job Hangfire's own JSON, cut.</summary>
internal static class StoredArguments
{
    public static string? Of(InvocationData? stored, Job? loaded)
    {
        if (JobEnvelope.TryUnwrap(loaded, out _, out var payload) || StoredEnvelope.TryRead(stored, out _, out payload))
            return payload is null ? null : JobPayload.ArgumentsOf(payload);
        return stored is null ? null : StoredMethod.ArgumentsOf(stored);
    }
}
