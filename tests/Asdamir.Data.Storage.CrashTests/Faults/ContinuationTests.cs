using System.Collections.Concurrent;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>
/// A job that shall wait for another one exists, waits and is listed there, or there is nothing of it: whatever the call meets.
/// </summary>
public sealed class ContinuationTests(FaultServer server, Files files) : IClassFixture<FaultServer>
{
    private const int Threads = 4;
    private const int CallsPerThread = 40;
    private const int CallsPerParent = 5;

    [Theory]
    [InlineData(Fault.LoseRequest)]
    [InlineData(Fault.LoseAnswer)]
    internal async Task EveryJob_HasAState_WhenConnectionsToPostgreSqlBreak(Fault fault)
    {
        using var proxy = new FaultProxy(server.ConnectionString);
        var place = new PostgreSqlPlace(server, proxy.ConnectionString);
        using var storage = place.Open();
        var parents = Parents(storage);
        proxy.Decide = sql => IsOfACall(sql) && Random.Shared.Next(6) == 0 ? fault : Fault.None;

        var calls = await CallAsync(storage, parents);

        proxy.Decide = static _ => Fault.None;
        Assert.True(proxy.Faults > 0);
        Check(place, calls);
    }

    // What the database refuses, it refuses after it has accepted what was written before.
    [Theory]
    [InlineData("BEFORE INSERT ON state WHEN new.name = 'Awaiting'")]
    [InlineData("BEFORE UPDATE OF parameters ON job WHEN new.parameters IS NOT old.parameters")]
    [InlineData("BEFORE UPDATE OF locked_until ON job WHEN new.locked_until IS NOT NULL")]
    public async Task Sqlite_HasNoJobWithoutAState_WhenStatementsFail(string statement)
    {
        var place = files.NewSqlite();
        using var storage = place.Open();
        var parents = Parents(storage);
        await using (var file = new SqliteConnection(place.ConnectionString))
        {
            await file.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = file.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
            command.CommandText = $"CREATE TRIGGER fault {statement} AND abs(random()) % 4 = 0 BEGIN SELECT RAISE(ABORT, "
                + "'a fault of the test'); END";
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var calls = await CallAsync(storage, parents);

        Assert.Contains(calls, static call => call.Id is null);
        Check(place, calls);
    }

    [Fact]
    public void CallForAnUnknownJob_LeavesNothing()
    {
        IPlace[] places = [new PostgreSqlPlace(server), files.NewSqlite()];
        foreach (var place in places)
        {
            using var storage = place.Open();

            Assert.Throws<BackgroundJobClientException>(
                () => new BackgroundJobClient(storage).ContinueJobWith("4711", () => Jobs.Run("", 1)));

            Assert.Equal(0, place.Count("{s}job"));
        }
    }

    private static bool IsOfACall(string sql) =>
        sql.Contains("locked_until = ", StringComparison.Ordinal) || sql.Contains("commits = commits + 1", StringComparison.Ordinal)
            || sql.StartsWith("SELECT parameters", StringComparison.Ordinal);

    private static List<string> Parents(SqlJobStorage storage) =>
        [
            .. Enumerable.Range(0, Threads * CallsPerThread / CallsPerParent)
                .Select(
                    _ => new BackgroundJobClient(storage).Create(() => Jobs.Run("parent", 0), new ScheduledState(TimeSpan.FromHours(1))))
        ];

    private static async Task<IReadOnlyCollection<Call>> CallAsync(SqlJobStorage storage, List<string> parents)
    {
        var client = new BackgroundJobClient(storage);
        ConcurrentBag<Call> calls = [];
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < CallsPerThread; i++)
            {
                var number = (thread * CallsPerThread) + i + 1;
                var parent = parents[number % parents.Count];
                try
                {
                    calls.Add(new Call(number, parent, client.ContinueJobWith(parent, () => Jobs.Run("child", number)), false));
                }
                catch (BackgroundJobClientException exception)
                {
                    calls.Add(
                        new Call(
                            number, parent, null, exception.InnerException is JobStorageUnavailableException { MayBeCommitted: true }));
                }
            }
        })));
        return calls;
    }

    private static void Check(IPlace place, IReadOnlyCollection<Call> calls)
    {
        Assert.Equal(0, place.Count("{s}job WHERE state IS NULL"));
        Assert.Equal(place.Count("{s}job"), place.Count(PlaceExtensions.History));
        using var storage = place.Open();
        using var connection = storage.GetConnection();
        var waiting = storage.GetMonitoringApi() is JobStorageMonitor monitor
            ? monitor.AwaitingJobs(0, int.MaxValue).ToDictionary(static job => (int)job.Value.Job.Args[1], static job => job.Key)
            : [];
        foreach (var call in calls)
        {
            var exists = waiting.TryGetValue(call.Number, out var job);
            Assert.True(exists || call.Id is null, $"Call {call.Number} returned job {call.Id}, which is not waiting.");
            Assert.False(
                exists && call.Id is null && !call.IsUnknown,
                $"Call {call.Number} failed without a word that it may be committed, and job {job} is there.");
            if (exists)
                Assert.Contains($"\"{job}\"", connection.GetJobParameter(call.Parent, "Continuations"), StringComparison.Ordinal);
        }
        var listed = calls.Select(static call => call.Parent).Distinct()
            .Sum(parent => connection.GetJobParameter(parent, "Continuations")?.Split("JobId").Length - 1 ?? 0);
        Assert.Equal(waiting.Count, listed);
    }

    private sealed record Call(int Number, string Parent, string? Id, bool IsUnknown);
}
