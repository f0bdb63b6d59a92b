using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Lets failed jobs expire. Hangfire keeps them without limit and resets, after all filters, the expiry of a
/// state that is not final; hence a second, small transaction. If the process dies before it, the job is kept.
/// </summary>
internal sealed class FailedJobExpiry(IBackgroundJobStateChanger inner, TimeSpan retention) : IBackgroundJobStateChanger
{
    public IState ChangeState(StateChangeContext context)
    {
        var applied = inner.ChangeState(context);
        if (applied is FailedState)
        {
            using var transaction = context.Connection.CreateWriteTransaction();
            transaction.ExpireJob(context.BackgroundJobId, retention);
            transaction.Commit();
        }
        return applied;
    }
}
