using System.Collections.Concurrent;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class ReplacingRaceOnPostgreSql() : ReplacingRaceTests(static place => OnPostgreSql(place));

public sealed class ReplacingRaceOnSqlite() : ReplacingRaceTests(static place => OnSqlite(place));

/// <summary>Two processes replace each other's jobs while others claim and execute them.</summary>
public abstract class ReplacingRaceTests(Func<Place, SqlJobStorage> open) : KeyedStorageTests(open)
{
    private const int Keys = 3;
    private const int Callers = 4;
    private const int CallsOfEach = 60;

    [Fact]
    public async Task EachJob_IsExecutedOnce_WithTheArgumentsOfACallThatChangedIt()
    {
        using var another = OpenAnother();
        SqlJobStorage[] storages = [Storage, another];
        ConcurrentDictionary<string, ConcurrentBag<string>> texts = [];
        ConcurrentBag<(string Id, string Text)> executed = [];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var workers = storages.Select(storage => Task.Factory.StartNew(
            () => Execute(storage, executed, stop.Token), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                for (var call = 0; call < CallsOfEach; call++)
                {
                    var text = $"{caller}.{call}";
                    var made = Replace(
                        $"{call % Keys}", text, call % 4 == 0 ? new ScheduledState(TimeSpan.Zero) : new EnqueuedState(),
                        storage: storages[caller % 2]);
                    if (made.Holder is null || made.HasReplaced)
                        texts.GetOrAdd(made.Holder ?? made.Id, static _ => []).Add(text);
                }
            }, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        await Task.WhenAll(callers);
        await Until.TrueAsync(
            () =>
            {
                ((IJobClock)Storage).EnqueueDelayedJobs();
                return executed.Select(static one => one.Id).Distinct().Count() == texts.Count && Rows.Count("{s}queue") == 0;
            },
            "all are executed",
            () => $"{executed.Count} of {texts.Count}, {Rows.Count("{s}queue")} in queues");
        await stop.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Equal(texts.Count, executed.Count);
        Assert.All(executed, one => Assert.Contains(one.Text, texts[one.Id]));
        Assert.Equal(texts.Count, Rows.Count("{s}job WHERE state = 'Succeeded'"));
        Assert.Equal((0, 0), (Rows.Count("{s}set_item"), Rows.Count("{s}job_key")));
    }

    private static void Execute(SqlJobStorage storage, ConcurrentBag<(string, string)> executed, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var connection = (JobStorageConnection)storage.GetConnection();
                using var job = new WorkedJob(storage, connection, connection.FetchNextJob(["default"], stop));
                job.Begin();
                // As it is stored while the job is executed: nothing may change it from here on.
                var text = (string)connection.GetJobData(job.Id).Job.Args[0];
                Thread.Yield();
                job.End();
                executed.Add((job.Id, text));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
