using System.Collections.Concurrent;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class ManyKeysOnPostgreSql() : ManyKeysTests(static place => OnPostgreSql(place));

public sealed class ManyKeysOnSqlite() : ManyKeysTests(static place => OnSqlite(place));

/// <summary>Keys of many callers at once, and of random sequences of calls.</summary>
public abstract class ManyKeysTests(Func<Place, SqlJobStorage> open) : KeyedStorageTests(open)
{
    private const int Threads = 8;

    [Fact]
    public void ManyThreadsOfTwoProcesses_StoreOneJobOfEachKey()
    {
        using var another = OpenAnother();
        ConcurrentBag<(string Key, string Id)> winners = [];
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (var i = 0; i < 25; i++)
            {
                Client.Create(SampleJobs.Text("plain"), new EnqueuedState());
                var key = $"{i}";
                var made = thread % 3 == 0
                    ? Create(null, key, storage: thread % 2 == 0 ? Storage : another)
                    : Create(key, storage: thread % 2 == 0 ? Storage : another);
                if (made.Holder is null)
                    winners.Add((thread % 3 == 0 ? "i" + key : "u" + key, made.Id));
            }
        });

        Assert.Equal(50, winners.Count);
        Assert.Equal(50, winners.Select(static winner => winner.Key).Distinct().Count());
        Assert.Equal((Threads * 25) + 50, Waiting);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSequences_AgreeWithASimpleModel(int seed)
    {
        var random = new Random(seed);
        Dictionary<string, string> unique = [];
        Dictionary<string, string> idempotent = [];
        List<(string Id, string? Key)> jobs = [];
        HashSet<string> active = [];
        for (var step = 0; step < 120; step++)
        {
            if (random.Next(2) == 0 || jobs.Count == 0)
            {
                var key = random.Next(4) == 0 ? null : $"{random.Next(3)}";
                var idempotency = random.Next(3) == 0 ? $"{random.Next(4)}" : null;
                var expected = idempotency is not null && idempotent.TryGetValue(idempotency, out var known) ? known
                    : key is not null && unique.TryGetValue(key, out var held) ? held
                    : null;
                var made = Create(key, idempotency);
                Assert.Equal(expected, made.Holder);
                if (expected is not null)
                    continue;
                jobs.Add((made.Id, key));
                active.Add(made.Id);
                if (key is not null)
                    unique[key] = made.Id;
                if (idempotency is not null)
                    idempotent[idempotency] = made.Id;
                continue;
            }
            var (id, owned) = jobs[random.Next(jobs.Count)];
            if (active.Contains(id))
            {
                Assert.True(Client.ChangeState(id, random.Next(2) == 0 ? new DeletedState() : WorkerState.Succeeded));
                active.Remove(id);
                if (owned is not null)
                    unique.Remove(owned);
            }
            else if (owned is not null && unique.ContainsKey(owned))
                Assert.ThrowsAny<Exception>(() => Client.Requeue(id));
            else
            {
                Assert.True(Client.Requeue(id));
                active.Add(id);
                if (owned is not null)
                    unique[owned] = id;
            }
        }
        Assert.Equal(unique.Count + idempotent.Count, Rows.Count("{s}job_key"));
    }
}
