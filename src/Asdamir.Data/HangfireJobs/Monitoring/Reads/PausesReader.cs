using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Reads;

/// <summary>Which queues are paused; none on a storage of another package.</summary>
internal sealed class PausesReader(JobStorage storage, SecretMask mask)
{
    public IReadOnlyDictionary<string, JobPause> OfQueues() =>
        storage is IJobPauses pauses
            ? pauses.Pauses().Where(static pause => pause.Kind == JobPauseKind.Queue)
                .ToDictionary(static pause => pause.Name, pause => pause with { Reason = mask.Of(pause.Reason) }, StringComparer.Ordinal)
            : new Dictionary<string, JobPause>();

    /// <returns><see langword="null"/> when the queue is not paused.</returns>
    public JobPause? Of(string queue) => OfQueues().GetValueOrDefault(queue);
}
