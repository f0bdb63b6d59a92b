using System.Globalization;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Kit;

namespace Apps.Storage;

/// <summary>Enqueues jobs with the idempotency keys 0, 1, 2, … until it is stopped. Another process repeats the same calls.</summary>
public static class KeyedEnqueuer
{
    public const string Scope = "app/Work";

    public static void Run(JobStorage storage, Ledger ledger, int count, CancellationToken stop)
    {
        var client = new BackgroundJobClient(storage) { RetryAttempts = 0 };
        for (var i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            client.Create(Job.FromExpression(() => Work.Run(0, 0, null!)), new EnqueuedState(), Parameters(i));
            ledger.Write($"answered {i}");
        }
    }

    public static Dictionary<string, object> Parameters(int number) => new()
    {
        [JobKeys.IdempotencyParameter] =
            JobKeys.Idempotent(Scope, number.ToString(CultureInfo.InvariantCulture), TimeSpan.FromDays(1)),
    };
}
