using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Kit;

namespace Apps.Storage;

/// <summary>Enqueues on several threads until it is stopped, and notes what calls returned.</summary>
public sealed class Enqueuer(JobStorage storage, Ledger ledger, Settings settings)
{
    private readonly BackgroundJobClient _client = new(storage) { RetryAttempts = 0 };

    public void Run(CancellationToken stop)
    {
        var threads = Enumerable.Range(0, settings.Threads).Select(_ => new Thread(() => Enqueue(stop))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
    }

    private void Enqueue(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                EnqueueSome();
            }
            catch (Exception exception)
            {
                ledger.Write((exception is BackgroundJobClientException
                    ? exception.InnerException
                    : exception) is JobStorageUnavailableException unavailable
                    ? unavailable.MayBeCommitted ? "unknown" : "refused"
                    : $"error {exception.ToString().ReplaceLineEndings(" ")}");
                stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }
            if (settings.Pause > TimeSpan.Zero)
                stop.WaitHandle.WaitOne(settings.Pause);
        }
    }

    private void EnqueueSome()
    {
        switch (Random.Shared.Next(100))
        {
            case < 60:
                Note(_client.Create(Job(Random.Shared.Next(10) == 0 ? Random.Shared.Next(50) : 0), new EnqueuedState()));
                break;
            case < 63:
                Note(_client.Create(Job(Random.Shared.Next(1_000, 4_000)), new EnqueuedState()));
                break;
            case < 70:
                Note(_client.Create(Job(0, failures: 1), new EnqueuedState()));
                break;
            case < 80:
                Note(_client.Create(Job(0), new ScheduledState(TimeSpan.FromSeconds(Random.Shared.Next(1, 4)))));
                break;
            case < 90:
                var parent = Note(_client.Create(Job(Random.Shared.Next(20)), new EnqueuedState()));
                Note(_client.Create(Job(0), new AwaitingState(parent, new EnqueuedState())));
                break;
            default:
                // As a recurring job does: created in one step, moved on in another.
                var later = Note(_client.Create(Job(0), new ScheduledState(TimeSpan.FromSeconds(2))));
                _client.ChangeState(later, new EnqueuedState(), ScheduledState.StateName);
                break;
        }
    }

    private string Note(string id)
    {
        ledger.Write($"enqueued {id}");
        return id;
    }

    private static Job Job(int milliseconds, int failures = 0) =>
        Hangfire.Common.Job.FromExpression(() => Work.Run(milliseconds, failures, null!));
}
