using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Asdamir.Data.Tests.Scheduling;
using Hangfire.States;

namespace Asdamir.Data.Tests.Execution;

public sealed class LimitsOnSqlite() : LimitTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class LimitsOnPostgreSql() : LimitTests(StorageKind.PostgreSql);

public abstract class LimitTests(StorageKind kind) : OwnStorageTests(kind)
{
    [Fact]
    public async Task JobThatWaitsForRoom_OccupiesNoWorker_AndUsesNoAttempt()
    {
        await using var host = await StartAsync(workers: 2);
        var first = host.Jobs.Enqueue<SendJob, Send>(new Send("a", 1));
        await host.Probe.NotedAsync("a in");
        var second = host.Jobs.Enqueue<SendJob, Send>(new Send("a", 2));
        var sameLimit = host.Jobs.Enqueue<SendOtherJob, Send>(new Send("a", 3));

        await host.WaitForAsync(host.Jobs.Enqueue<OrdinaryJob>(), JobState.Succeeded);
        var otherKey = host.Jobs.Enqueue<SendJob, Send>(new Send("b", 1));
        await host.Probe.NotedAsync("b in");

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(second)!.State);
        Assert.Equal(JobState.Enqueued, host.Jobs.Find(sameLimit)!.State);
        host.Probe.Open("a");
        host.Probe.Open("b");
        foreach (var job in new[] { first, second, sameLimit, otherKey })
            await host.WaitForAsync(job, JobState.Succeeded);
        Assert.True(host.Parameter(second, "RetryCount") is null or "0");
        Assert.Equal(
            [EnqueuedState.StateName, ProcessingState.StateName, SucceededState.StateName],
            host.Storage.GetMonitoringApi().JobDetails(second).History.Reverse().Select(static state => state.StateName));
        Assert.Equal(["a in", "a out", "a in", "a out", "a in", "a out"], host.Probe.Notes.Where(static note => note.StartsWith('a')));
    }

    [Fact]
    public async Task Limit_HoldsOverAllProcesses()
    {
        await using var one = await StartAsync(workers: 2);
        await using var two = await StartAsync(workers: 2);
        var first = one.Jobs.Enqueue<SendJob, Send>(new Send("a", 1));
        await Until.TrueAsync(() => one.Probe.Count("a in") + two.Probe.Count("a in") == 1, "one of them executes it");
        var second = two.Jobs.Enqueue<SendJob, Send>(new Send("a", 2));
        foreach (var host in new[] { one, two })
            await host.WaitForAsync(host.Jobs.Enqueue<OrdinaryJob>(), JobState.Succeeded);

        Assert.Equal(1, one.Probe.Count("a in") + two.Probe.Count("a in"));
        one.Probe.Open("a");
        two.Probe.Open("a");
        await one.WaitForAsync(first, JobState.Succeeded);
        await one.WaitForAsync(second, JobState.Succeeded);
    }

    [Fact]
    public async Task JobThatFails_MakesRoomUntilItsNextAttempt()
    {
        await using var host = await StartAsync(workers: 2, static options =>
        {
            options.Retry.Attempts = 1;
            (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        });
        var failing = host.Jobs.Enqueue<SendJob, Send>(new Send("fail", 1));
        await host.WaitForAsync(failing, JobState.Scheduled);

        host.Probe.Open("fail");
        var next = host.Jobs.Enqueue<SendJob, Send>(new Send("fail", 0));
        await host.WaitForAsync(next, JobState.Succeeded);
    }

    [Fact]
    public async Task Retry_CountsForTheRate_AndWaitsForItsRoom()
    {
        await using var host = await StartAsync(workers: 2, static options =>
        {
            options.Retry.Attempts = 1;
            options.Retry.BaseDelay = TimeSpan.Zero;
        });
        var failing = host.Jobs.Enqueue<CallJob>();
        await Until.TrueAsync(
            () => host.Parameter(failing, "RetryCount") == "1" && host.Jobs.Find(failing)!.State == JobState.Enqueued,
            "its retry is in the queue");
        await host.WaitForAsync(host.Jobs.Enqueue<OrdinaryJob>(), JobState.Succeeded);

        Assert.Equal(JobState.Enqueued, host.Jobs.Find(failing)!.State);
        Assert.Equal(1, host.Probe.Count("called"));
        Assert.True(JobRate.TryParse("2/h", out var rate));
        Assert.True(((IJobLimits)host.Storage).ChangeLimit("limited", "calls", null, "kim", null, rate));
        await host.WaitForAsync(failing, JobState.Failed);
        Assert.Equal(2, host.Probe.Count("called"));
    }

    [Fact]
    public async Task JobThatIsSkipped_IsDeletedWithTheReason_AndItsContinuationsAreTreatedSo()
    {
        await using var host = await StartAsync(workers: 2);
        var first = host.Jobs.Enqueue<OnceJob>();
        await host.Probe.NotedAsync("once in");

        var second = host.Jobs.Enqueue<OnceJob>();
        var child = host.Jobs.ContinueWith<OrdinaryJob>(second);
        await host.WaitForAsync(second, JobState.Deleted);

        var history = host.Storage.GetMonitoringApi().JobDetails(second).History;
        Assert.Equal([DeletedState.StateName, EnqueuedState.StateName], history.Select(static state => state.StateName));
        Assert.Equal(JobLimits.SkipReason("once"), history[0].Reason);
        Assert.NotEqual(JobState.Succeeded, host.Jobs.Find(child)!.State);
        host.Probe.Open("once");
        await host.WaitForAsync(first, JobState.Succeeded);
        Assert.Equal(1, host.Probe.Count("once in"));

        var third = host.Jobs.Enqueue<OnceJob>();
        await host.WaitForAsync(third, JobState.Succeeded);
        Assert.Equal(0, ((IJobLimits)host.Storage).Limits("limited").Single(static limit => limit.Name == "once").Running);
    }

    [Fact]
    public async Task Jobs_HaveTheLimitsOfTheirType_HoweverTheyAreCreated()
    {
        await using var host = await StartAsync(workers: 1, static options => options.RunServer = false);
        JobLimit[] expected = [new("send", "a"), new("all", null)];

        var parent = host.Jobs.Enqueue<SendJob, Send>(new Send("a", 1));
        host.Jobs.AddOrUpdateRecurring<SendJob, Send>(new Send("a", 1), "0 0 1 1 *", new RecurringOptions { Id = "nightly" });
        string[] ids =
        [
            parent,
            host.Jobs.Schedule<SendJob, Send>(new Send("a", 1), TimeSpan.FromHours(1)),
            host.Jobs.ContinueWith<SendJob, Send>(new Send("a", 1), parent),
            .. host.Jobs.EnqueueMany<SendJob, Send>([new Send("a", 1), new Send("a", 2)]),
            host.Jobs.TriggerRecurring("nightly")!,
            await host.Jobs.EnqueueAsync(new SendUnique("a"), ct: Token),
        ];

        foreach (var id in ids)
            Assert.Equal(expected, JobLimits.Read(host.Parameter(id, JobLimits.Parameter)));
        Assert.Equal(
            new JobLimit("send", null),
            JobLimits.Read(host.Parameter(host.Jobs.Enqueue<SendJob, Send>(new Send(null, 1)), JobLimits.Parameter))[0]);
        Assert.StartsWith(
            "sha256:",
            JobLimits.Read(host.Parameter(host.Jobs.Enqueue<SendJob, Send>(new Send(new string('x', 401), 1)), JobLimits.Parameter))[0].Key,
            StringComparison.Ordinal);
        Assert.Empty(JobLimits.Read(host.Parameter(host.Jobs.Enqueue<OrdinaryJob>(), JobLimits.Parameter)));
    }

    [Fact]
    public async Task Start_DeclaresTheLimits_AndLeavesWhatAnOperatorHasSet()
    {
        await using (var host = await StartAsync(workers: 1, static options => options.RunServer = false))
        {
            Assert.True(((IJobLimits)host.Storage).ChangeLimit("limited", "send", 7, "kim", "The provider allows more"));
        }

        await using var again = await StartAsync(workers: 1, static options => options.RunServer = false);

        Assert.Equal(
            [
                ("all", 50, 50, null), ("calls", JobLimits.MaxRunning, JobLimits.MaxRunning, "1/h"), ("once", 1, 1, null),
                ("send", 1, 7, null),
            ],
            ((IJobLimits)again.Storage).Limits("limited").Select(
                static limit => (limit.Name, limit.Declared, limit.MaxRunning, limit.Rate?.ToString())));
    }

    [Fact]
    public async Task FairnessKey_IsRefused_ForAJobWithLimits()
    {
        await using var host = await StartAsync(workers: 1, static options => options.RunServer = false);

        var refused = Assert.Throws<ArgumentException>(
            () => host.Jobs.Enqueue<SendJob, Send>(new Send("a", 1), new JobOptions { FairnessKey = "x" }));

        Assert.Contains("FairnessKey", refused.Message, StringComparison.Ordinal);
        Assert.Contains("[Limit]", refused.Message, StringComparison.Ordinal);
    }

    private Task<JobHost> StartAsync(int workers, Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        static jobs => jobs.AddJob<SendJob>().AddJob<SendOtherJob>().AddJob<SendUniqueJob>().AddJob<CallJob>().AddJob<OnceJob>()
            .AddJob<OrdinaryJob>(),
        options =>
        {
            options.AppQueue = "limited";
            options.RecurringJobIdPrefix = "limited";
            options.WorkerCount = workers;
            UseStorage(options);
            configure?.Invoke(options);
        });

    private sealed record Send(string? Tenant, int Number);

    [Limit("send", MaxRunning = 1, Key = nameof(Send.Tenant))]
    [Limit("all", MaxRunning = 50)]
    private class SendJob(Probe probe) : IJob<Send>
    {
        public async Task<JobResult> ExecuteAsync(Send args, IJobContext ctx, CancellationToken ct = default)
        {
            if (args is { Tenant: "fail", Number: > 0 })
                return JobResult.Failure("It fails.");
            probe.Note($"{args.Tenant} in");
            await probe.GateAsync(args.Tenant ?? "", ct);
            probe.Note($"{args.Tenant} out");
            return JobResult.Success();
        }
    }

    // The limits of its base class.
    private sealed class SendOtherJob(Probe probe) : SendJob(probe);

    private sealed record SendUnique(string Tenant);

    [Unique]
    [Limit("send", MaxRunning = 1, Key = nameof(SendUnique.Tenant))]
    [Limit("all", MaxRunning = 50)]
    private sealed class SendUniqueJob : IJob<SendUnique>
    {
        public Task<JobResult> ExecuteAsync(SendUnique args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    [Limit("calls", Rate = "1/h")]
    private sealed class CallJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("called");
            return Task.FromResult(JobResult.Failure("It fails."));
        }
    }

    [Limit("once", MaxRunning = 1, WhenFull = WhenFull.Skip)]
    private sealed class OnceJob(Probe probe) : IJob
    {
        public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("once in");
            await probe.GateAsync("once", ct);
            return JobResult.Success();
        }
    }

    private sealed class OrdinaryJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}

/// <summary>Limits that cannot hold are errors when the app starts.</summary>
public sealed class WrongLimitTests
{
    [Fact]
    public async Task Limits_OnAStorageThatDoesNotObserveThem_AreRefused() =>
        await AssertRefusedAsync<PlainJob>("does not observe limits", "PlainJob", "Fix:");

    [Fact]
    public async Task Limit_WithoutAValue_IsRefused() => await AssertRefusedAsync<NoValueJob>("[Limit(\"x\")]", "MaxRunning = 0", "Fix:");

    [Fact]
    public async Task Limit_WithAnInvalidName_IsRefused() => await AssertRefusedAsync<NoNameJob>("the name is empty", "Fix:");

    [Fact]
    public async Task Limit_Twice_IsRefused() => await AssertRefusedAsync<TwiceJob>("[Limit(\"x\")]", "occurs twice", "Fix:");

    [Fact]
    public async Task Limit_WithAKeyThatTheArgumentsLack_IsRefused() =>
        await AssertRefusedAsync<NoKeyJob>("no property 'Tenant'", "Fix:");

    [Fact]
    public async Task Limit_BesideAFairnessKey_IsRefused() => await AssertRefusedAsync<FairJob>("[FairnessKey]", "Fix:");

    [Fact]
    public async Task Limits_OfOneNameAndDifferentValues_AreRefused()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => JobHost.StartClientAsync(static jobs => jobs.AddJob<PlainJob>().AddJob<OtherValueJob>()));

        Assert.Contains("The limit 'x' has several values", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(NoStartsJob), "Rate = \"0/min\"", "not from 1 to 1000000")]
    [InlineData(typeof(ManyStartsJob), "Rate = \"1000001/min\"", "not from 1 to 1000000")]
    [InlineData(typeof(NonsenseJob), "Rate = \"abc\"", "is not a number of starts and a window")]
    [InlineData(typeof(LongWindowJob), "Rate = \"1/32d\"", "from 1s to 31d")]
    [InlineData(typeof(UnknownWhenFullJob), "WhenFull = 7", "is not a member of WhenFull")]
    [InlineData(typeof(NegativeJob), "MaxRunning = -1", "is not a number from 1 to 1000000")]
    public async Task ImpossibleRate_IsRefused(Type type, string value, string fault)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => (Task)typeof(WrongLimitTests)
            .GetMethod(nameof(StartAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, null)!);

        Assert.All(["[Limit(\"x\")]", value, fault, "Fix:"], text => Assert.Contains(text, refused.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limits_OfOneNameAndDifferentRates_AreRefused()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => JobHost.StartClientAsync(
                static jobs => jobs.AddJob<RateJob>().AddJob<OtherRateJob>().AddJob<PlainJob>().AddJob<SkippingJob>()));

        Assert.Contains("The limit 'x' has several values", refused.ToString(), StringComparison.Ordinal);
        foreach (var values in new[] { "1/min", "3, 1/h", "1", "1, skip" })
            Assert.Contains($"{values} without a key on", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_OfOneNameWithAndWithoutAKey_AreRefused()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => JobHost.StartClientAsync(static jobs => jobs.AddJob<PlainJob>().AddJob<KeyedJob>()));

        Assert.Contains("1 without a key on", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 for each key on", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SixLimits_AreRefused() => await AssertRefusedAsync<SixJob>("has 6 limits", "at most 5");

    private static Task<JobHost> StartAsync<TJob>()
        where TJob : class =>
        JobHost.StartClientAsync(static jobs => jobs.AddJob<TJob>());

    private static async Task AssertRefusedAsync<TJob>(params string[] texts)
        where TJob : class
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(StartAsync<TJob>);

        Assert.All(texts, text => Assert.Contains(text, refused.ToString(), StringComparison.Ordinal));
    }

    private abstract class Nothing : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [Limit("x", MaxRunning = 1)]
    private sealed class PlainJob : Nothing;

    [Limit("x", MaxRunning = 2)]
    private sealed class OtherValueJob : Nothing;

    [Limit("x", Rate = "1/min")]
    private sealed class RateJob : Nothing;

    [Limit("x", Rate = "1/h", MaxRunning = 3)]
    private sealed class OtherRateJob : Nothing;

    [Limit("x", Rate = "0/min")]
    private sealed class NoStartsJob : Nothing;

    [Limit("x", Rate = "1000001/min")]
    private sealed class ManyStartsJob : Nothing;

    [Limit("x", Rate = "abc")]
    private sealed class NonsenseJob : Nothing;

    [Limit("x", Rate = "1/32d")]
    private sealed class LongWindowJob : Nothing;

    [Limit("x", MaxRunning = 1, WhenFull = (WhenFull)7)]
    private sealed class UnknownWhenFullJob : Nothing;

    [Limit("x", MaxRunning = 1, WhenFull = WhenFull.Skip)]
    private sealed class SkippingJob : Nothing;

    [Limit("x", Rate = "1/min", MaxRunning = -1)]
    private sealed class NegativeJob : Nothing;

    [Limit("x")]
    private sealed class NoValueJob : Nothing;

    [Limit(" ", MaxRunning = 1)]
    private sealed class NoNameJob : Nothing;

    [Limit("x", MaxRunning = 1)]
    [Limit("x", MaxRunning = 2)]
    private sealed class TwiceJob : Nothing;

    [Limit("x", MaxRunning = 1, Key = "Tenant")]
    private sealed class NoKeyJob : Nothing;

    [Limit("a", MaxRunning = 1)]
    [Limit("b", MaxRunning = 1)]
    [Limit("c", MaxRunning = 1)]
    [Limit("d", MaxRunning = 1)]
    [Limit("e", MaxRunning = 1)]
    [Limit("f", MaxRunning = 1)]
    private sealed class SixJob : Nothing;

    private sealed record Keyed(string Tenant);

    [Limit("x", MaxRunning = 1, Key = nameof(Keyed.Tenant))]
    private sealed class KeyedJob : IJob<Keyed>
    {
        public Task<JobResult> ExecuteAsync(Keyed args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed record For([FairnessKey] string Tenant);

    [Limit("x", MaxRunning = 1)]
    private sealed class FairJob : IJob<For>
    {
        public Task<JobResult> ExecuteAsync(For args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
