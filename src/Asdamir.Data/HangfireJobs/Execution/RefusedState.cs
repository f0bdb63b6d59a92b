using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Failed without being loaded, because it is not a job of this app.</summary>
internal sealed class RefusedState : FailedState, IState
{
    public RefusedState(Exception why)
        : base(why) => Reason = "Not loaded: not a job of this app";

    bool IState.IgnoreJobLoadException => true;
}
