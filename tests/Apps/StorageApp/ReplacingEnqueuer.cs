using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Kit;

namespace Apps.Storage;

/// <summary>Enqueues jobs of a few unique keys, each of which replaces the one that has its key, until it is stopped.</summary>
public static class ReplacingEnqueuer
{
    public const string Scope = "app/Work";
    public const int Keys = 3;

    /// <summary>How long the jobs of this process take, in milliseconds: other jobs take another time.</summary>
    public const int Time = 2;

    public static void Run(JobStorage storage, Ledger ledger, int count, CancellationToken stop)
    {
        var client = new BackgroundJobClient(storage) { RetryAttempts = 0 };
        for (var i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            IState state = i % 3 == 0 ? new EnqueuedState() : new ScheduledState(TimeSpan.FromSeconds(i % 3));
            client.Create(Job.FromExpression(() => Work.Run(Time, 0, null!)), state, Parameters(i % Keys));
            ledger.Write($"answered {i}");
        }
    }

    public static Dictionary<string, object> Parameters(int key) => new()
    {
        [JobKeys.UniqueParameter] = JobKeys.Unique(Scope, $"{key}"),
        [JobKeys.ReplaceParameter] = true,
    };
}
