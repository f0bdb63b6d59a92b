using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Hides secrets in what is reported of actions: errors repeat what jobs and databases say.</summary>
internal static class MaskedReports
{
    public static JobActionResult Of(this SecretMask mask, JobActionResult result) => result.Remarks.Count == 0
        ? result
        : result with { Remarks = [.. result.Remarks.Select(remark => remark with { Reason = mask.Of(remark.Reason) })] };

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(progress))]
    public static IProgress<JobActionResult>? Of(this SecretMask mask, IProgress<JobActionResult>? progress) =>
        progress is null ? null : new MaskedProgress(mask, progress);

    // Not Progress<T>, which reports on other threads and so out of order.
    private sealed class MaskedProgress(SecretMask mask, IProgress<JobActionResult> progress) : IProgress<JobActionResult>
    {
        public void Report(JobActionResult value) => progress.Report(mask.Of(value));
    }
}
