using Asdamir.Data.Storage;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// Fires recurring jobs when they are due, on storages that know when that is. The clock decides when; Hangfire's scheduler, with its
/// rules for missed occurrences, retries and locks, does the rest.
/// </summary>
/// <param name="clock">The storage.</param>
/// <param name="scheduler">Hangfire's scheduler.</param>
internal sealed class RecurringJobClock(IJobClock clock, IBackgroundProcess scheduler) : IBackgroundProcess
{
    public void Execute(BackgroundProcessContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        clock.WaitUntilDue(DueJobs.Recurring, context.StoppingToken);
        Outage.Endure(context, () => Fire(scheduler, context));
    }

    public override string ToString() => "Recurring jobs";

    /// <summary>Fires all that are due.</summary>
    public static void Fire(IBackgroundProcess scheduler, BackgroundProcessContext context)
    {
        try
        {
            scheduler.Execute(
                new BackgroundProcessContext(
                    context.ServerId, new WhileDue(context.Storage), context.Properties.ToDictionary(), context.ExecutionId,
                    context.StoppingToken, context.StoppedToken, context.ShutdownToken));
        }
        catch (WhileDue.NothingDueException)
        {
            // All are fired, also those that became due meanwhile.
        }
    }
}
