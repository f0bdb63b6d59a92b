using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Scheduled for another attempt, with the exception that ended the one before: nothing else keeps it.</summary>
internal sealed class RetryState(FailedState failed, DateTime enqueueAt) : ScheduledState(enqueueAt), IState
{
    Dictionary<string, string> IState.SerializeData()
    {
        var data = SerializeData();
        foreach (var (name, value) in failed.SerializeData())
        {
            if (name.StartsWith("Exception", StringComparison.Ordinal))
                data[name] = value;
        }
        return data;
    }
}
