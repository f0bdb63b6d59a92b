using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

[NeedsPostgreSql]
public sealed class FairnessOnPostgreSql() : FairnessTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task Claims_FindAllJobs_WhileOthersLockRowsThatTheyDoNotTake()
    {
        const int Jobs = 200;
        for (var i = 0; i < Jobs; i++)
            Create((i % 3) switch { 0 => null, 1 => "a", _ => "b" }, priority: i % 2 == 0 ? 5 : 7);

        // A claim that took the queue for empty would wait until the next poll, with the test as the only one that adds jobs.
        var claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var other = OpenAnother();
            using var claims = other.OpenClaims(["default"], Server);
            List<string> own = [];
            for (var i = 0; i < Jobs / 4 / 5; i++)
            {
                for (var left = 5; left > 0;)
                {
                    var jobs = await claims.ClaimAsync(left, Token);
                    own.AddRange(jobs.Select(static job => job.JobId));
                    left -= jobs.Count;
                    foreach (var job in jobs)
                    {
                        job.RemoveFromQueue();
                        job.Dispose();
                    }
                }
            }
            return own;
        }, Token)));

        Assert.Equal(Jobs, claimed.SelectMany(static ids => ids).Distinct().Count());
    }
}

public sealed class FairnessOnSqlite() : FairnessTests(static place => OnSqlite(place));

/// <summary>How the fairness keys of a queue take turns, and that a job keeps its key, whichever process moves it.</summary>
public abstract class FairnessTests(Func<Place, SqlJobStorage> open) : QueueOrderTests(open)
{
    [Fact]
    public async Task Claim_TakesJobsOfAsManyKeysAsThereAre()
    {
        var keys = CreateAll("a", "a", "a", "a", "b", "b", "c");

        Assert.Equal(["a", "b", "c"], (await ClaimAsync(3)).Select(id => keys[id]).Order());
        Assert.Equal(["a", "b"], (await ClaimAsync(2)).Select(id => keys[id]).Order());
        Assert.Equal(["a", "a"], (await ClaimAsync(2)).Select(id => keys[id]));
    }

    [Fact]
    public async Task LargeClaim_GetsAllThatItAsksFor_AlthoughMostKeysHaveFewJobs()
    {
        var keys = CreateAll([.. Enumerable.Repeat("many", 30), "one", "two", "two", .. Enumerable.Repeat("some", 4)]);

        var claimed = (await ClaimAsync(20)).Select(id => keys[id]).CountBy(static key => key).ToDictionary();

        Assert.Equal(new Dictionary<string, int> { ["many"] = 13, ["one"] = 1, ["two"] = 2, ["some"] = 4 }, claimed);
    }

    [Fact]
    public async Task SmallClaims_GoRoundAllKeys()
    {
        string[] names = ["a", "b", "c", "d"];
        var keys = CreateAll([.. names.SelectMany(static key => Enumerable.Repeat(key, 3))]);

        var claimed = await ClaimOneByOneAsync(keys.Count);

        Assert.All(claimed.Select(id => keys[id]).Chunk(names.Length), round => Assert.Equal(names, round.Order()));
    }

    [Fact]
    public async Task Jobs_OfOneKey_KeepTheirOrder()
    {
        var ids = Enumerable.Range(0, 6).Select(i => Create(i % 2 == 0 ? "a" : "b")).ToList();

        var claimed = await ClaimOneByOneAsync(ids.Count);

        Assert.Equal(ids.Where((_, i) => i % 2 == 0), claimed.Where(id => ids.IndexOf(id) % 2 == 0));
        Assert.Equal(ids.Where((_, i) => i % 2 == 1), claimed.Where(id => ids.IndexOf(id) % 2 == 1));
    }

    [Fact]
    public async Task FirstJobOfAKey_WaitsForOneClaim_HoweverManyJobsOfAnotherKeyWait()
    {
        Fill("flood", 100_000);
        await ClaimAsync(1);
        var first = Create("other");

        Assert.Contains(first, (await ClaimAsync(1)).Concat(await ClaimAsync(1)));
        var next = Create("other");
        Assert.Contains(next, await ClaimAsync(10));
    }

    [Fact]
    public async Task LowestNumber_ComesFirst_WhateverTheKey()
    {
        var late = Create("a", priority: 9);
        var usual = Create("b");
        var urgent = Create("a", priority: 0);
        var none = Create(null);

        Assert.Equal([urgent, usual, none, late], await ClaimOneByOneAsync(4));
    }

    [Fact]
    public async Task JobOfAKey_GainsClasses_AsItWaits()
    {
        var waiting = Create("a", priority: 7);
        Age(waiting, TimeSpan.FromMinutes(121));
        var usual = Create("b");
        var none = Create(null);

        Assert.Equal([waiting, usual, none], await ClaimAsync(3));
    }

    [Fact]
    public async Task JobsWithoutAKey_WaitInTheOrderOfArrival_AmongTheFirstOnesOfAllKeys()
    {
        var (first, second, third) = (Create("a"), Create(null), Create("b"));
        var fourth = Create(null);

        Assert.Equal([first, second, third, fourth], await ClaimAsync(4));
    }

    [Fact]
    public void WorkersOfHangfire_TakeTurns_Too()
    {
        var keys = CreateAll("a", "a", "b");

        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var first = Fetch(connection);
        using var second = Fetch(connection);

        Assert.Equal(["a", "b"], new[] { keys[first.JobId], keys[second.JobId] }.Order());
        first.RemoveFromQueue();
        second.RemoveFromQueue();
    }

    [Fact]
    public async Task RequeuedJob_KeepsItsKey_WhicheverProcessRequeuesIt()
    {
        var job = Create("a");
        Assert.True(Client.Delete(job));
        // The row that it left in the queue.
        await ClaimAsync(1);
        CreateAll("b", "b");

        EnqueueByAnother(job);

        Assert.Contains(job, await ClaimAsync(2));
    }

    [Fact]
    public async Task DelayedJob_HasItsKey_WhenItIsDue()
    {
        CreateAll("b", "b");
        var job = Create("a", state: new ScheduledState(TimeSpan.FromMinutes(-1)));

        StartDelayed();

        Assert.Contains(job, await ClaimAsync(2));
    }

    [Fact]
    public async Task RetriedJob_KeepsItsKey()
    {
        var job = Create("a");
        Work("default", new ScheduledState(TimeSpan.FromMinutes(-1)));
        CreateAll("b", "b");

        StartDelayed();

        Assert.Contains(job, await ClaimAsync(2));
    }

    [Fact]
    public async Task Continuation_HasItsKey_WhicheverProcessStartsIt()
    {
        var other = CreateAll("b", "b");
        var job = Create("a", state: new AwaitingState(other.GetAt(0).Key));

        EnqueueByAnother(job);

        Assert.Contains(job, await ClaimAsync(2));
    }

    [Fact]
    public async Task JobThatIsGivenBack_KeepsItsPlace()
    {
        var first = Create("a");
        using (var claims = Storage.OpenClaims(["default"], Server))
            Assert.Single(await claims.ClaimAsync(1, Token)).Dispose();
        var second = Create("a");

        Assert.Equal([first, second], await ClaimAsync(2));
    }

    [Fact]
    public async Task QueuesOfAClaim_HaveTheirOwnKeys()
    {
        var keys = new[] { ("high", "a"), ("high", "a"), ("high", "b"), ("low", "c") }
            .ToDictionary(job => Create(job.Item2, state: new EnqueuedState(job.Item1)), static job => job.Item2);
        using var claims = Storage.OpenClaims(["high", "low"], Server);

        var jobs = await claims.ClaimAsync(2, Token);

        Assert.Equal(["a", "b"], jobs.Select(job => keys[job.JobId]).Order());
        foreach (var job in jobs)
            job.Dispose();
    }

    [Theory]
    [InlineData("ß", "ss")]
    [InlineData("\u00e9", "e\u0301")]
    [InlineData("I", "\u0131")]
    [InlineData("a", "A")]
    [InlineData("a", "a ")]
    [InlineData("'; DROP TABLE queue; --", "%")]
    public async Task Keys_AreComparedByTheirCharacters(string one, string other)
    {
        var keys = CreateAll(one, one, other);

        Assert.Equal(
            new[] { one, other }.Order(StringComparer.Ordinal),
            (await ClaimAsync(2)).Select(id => keys[id]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LongestKeys_OfAnyCharacters_TakeTurns()
    {
        var text = string.Concat(Enumerable.Repeat("\U0001F600", JobKeys.MaxLength / 2 - 1));
        var keys = CreateAll($"{text}ab", $"{text}ab", $"{text}ac");

        Assert.Equal(2, (await ClaimAsync(2)).Select(id => keys[id]).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Key_ThatNoDatabaseStores_IsRefused(string key) => Assert.Throws<ArgumentException>(() => JobFairness.Of(key));

    [Fact]
    public void Key_WithHalfOfASurrogatePair_IsRefused() => Assert.Throws<ArgumentException>(static () => JobFairness.Of("a\ud83d"));

    [Fact]
    public void Key_ThatIsTooLong_IsRefused() =>
        Assert.Throws<ArgumentException>(static () => JobFairness.Of(new string('x', JobKeys.MaxLength + 1)));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"\\ud83d\"")]
    public async Task ParameterOfOtherCode_LosesNoJob(string value)
    {
        var strange = CreateWith(JobFairness.Parameter, value);

        Assert.Equal([strange], await ClaimAsync(1));
    }

    [Fact]
    public void Lists_HaveJobsOfAllKeys_InTheOrderOfTheirTimes()
    {
        string[] ids = [Create("a"), Create("a"), Create(null), Create("b")];

        Assert.Equal(ids, Storage.GetMonitoringApi().EnqueuedJobs("default", 0, 10).Select(static job => job.Key));
        Assert.Equal(("default", 4L), Storage.Queues().Select(static queue => (queue.Name, queue.Waiting)).Single());
    }

    private protected string Create(string? key, int priority = 5, IState? state = null)
    {
        Dictionary<string, object> parameters = [];
        if (priority != JobPriority.Default)
            parameters[JobPriority.Parameter] = JobPriority.Of(priority, Aging);
        if (key is not null)
            parameters[JobFairness.Parameter] = JobFairness.Of(key);
        return Client.Create(SampleJobs.Text("x"), state ?? new EnqueuedState(), parameters);
    }

    /// <returns>The ids in their order, each with its key.</returns>
    private OrderedDictionary<string, string> CreateAll(params IEnumerable<string> keys) =>
        new(keys.Select(key => KeyValuePair.Create(Create(key), key)));

    // As many more rows as the first job of this key has.
    private void Fill(string key, int count)
    {
        var id = Create(key);
        var columns = "queue, job_id, added_at, turn, priority, head_start, fairness";
        Rows.Execute(
            $$"""
            INSERT INTO {s}queue ({{columns}})
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {{count}})
            SELECT {{columns}} FROM {s}queue CROSS JOIN number WHERE job_id = {{id}}
            """);
    }

    private async Task<List<string>> ClaimOneByOneAsync(int count)
    {
        List<string> claimed = [];
        while (claimed.Count < count)
            claimed.AddRange(await ClaimAsync(1));
        return claimed;
    }
}
