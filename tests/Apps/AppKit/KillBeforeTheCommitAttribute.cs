using System.Diagnostics;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Apps.Kit;

/// <summary>
/// Kills the process when the success of a job that is ordered to do so is about to be committed: after all other filters
/// have seen it. The next process that executes the job commits it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KillBeforeTheCommitAttribute : JobFilterAttribute, IApplyStateFilter
{
    public KillBeforeTheCommitAttribute() => Order = 2000;

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.NewState is not SucceededState || context.GetJobParameter<int>("LostDeliveries") > 0)
            return;
        if (context.BackgroundJob.Job.Args.Any(
            static argument => argument is string json && json.Contains("\"killBeforeTheCommit\":true", StringComparison.Ordinal)))
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
