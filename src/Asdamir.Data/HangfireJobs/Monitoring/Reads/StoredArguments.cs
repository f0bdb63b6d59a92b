using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>The arguments of a job as stored: of an envelope those of its job, of any other job Hangfire's own JSON, cut.</summary>
internal static class StoredArguments
{
    public static string? Of(InvocationData? stored, Job? loaded) =>
        TryUnwrap(stored, loaded, out var payload) ? payload is null ? null : JobPayload.ArgumentsOf(payload)
        : stored is null ? null
        : StoredMethod.ArgumentsOf(stored);

    /// <summary>What is stored of the context in which it was enqueued; <see langword="null"/> for nothing.</summary>
    public static IReadOnlyDictionary<string, string>? ContextOf(InvocationData? stored, Job? loaded) =>
        TryUnwrap(stored, loaded, out var payload) ? JobPayload.ContextOf(payload) : null;

    private static bool TryUnwrap(InvocationData? stored, Job? loaded, out string? payload) =>
        JobEnvelope.TryUnwrap(loaded, out _, out payload) || StoredEnvelope.TryRead(stored, out _, out payload);
}
