using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Counts ended jobs by final state, for the charts.</summary>
internal sealed class ThroughputFilter(TimeProvider time) : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is not (SucceededState or FailedState or DeletedState))
            return;
        var now = time.GetUtcNow().UtcDateTime;
        var outcome = context.NewState.Name;
        foreach (var app in new[] { context.BackgroundJob.Job?.Queue ?? EnqueuedState.DefaultQueue, null })
        {
            transaction.IncrementCounter(Throughput.MinuteKey(app, outcome, now), Throughput.MinutesKept);
            transaction.IncrementCounter(Throughput.HourKey(app, outcome, now), Throughput.HoursKept);
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
