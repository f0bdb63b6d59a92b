using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Enqueued without being loaded.</summary>
internal sealed class HandedOverState : EnqueuedState, IState
{
    private HandedOverState(string queue)
        : base(queue)
    {
    }

    bool IState.IgnoreJobLoadException => true;

    /// <returns><see langword="null"/> when no queue can have that name.</returns>
    public static HandedOverState? TryCreate(string queue, string? reason)
    {
        try
        {
            return new HandedOverState(queue) { Reason = reason };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
