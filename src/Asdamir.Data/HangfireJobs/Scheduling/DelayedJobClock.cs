using Asdamir.Data.Storage;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// Starts delayed jobs when they are due, on storages that know when that is. Where a job goes is stored with it, so many are moved at
/// once, without loading them. What is left is for Hangfire's scheduler: plain Hangfire jobs, whose queue filters choose.
/// </summary>
/// <param name="clock">The storage.</param>
/// <param name="plain">Hangfire's scheduler, which returns when nothing is due.</param>
internal sealed class DelayedJobClock(IJobClock clock, IBackgroundProcess plain) : IBackgroundProcess
{
    public void Execute(BackgroundProcessContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        clock.WaitUntilDue(DueJobs.Delayed, context.StoppingToken);
        Outage.Endure(context, () =>
        {
            if (clock.EnqueueDelayedJobs() == 0)
                plain.Execute(context);
        });
    }

    public override string ToString() => "Delayed jobs";
}
