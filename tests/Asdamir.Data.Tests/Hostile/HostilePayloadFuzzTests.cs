using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Hostile;

/// <summary>
/// A server gets runs whose envelope or payload is broken in random ways. Each ends where an operator sees it, with a reason, all of
/// them can be listed, and the server continues.
/// </summary>
[Slow]
public sealed class HostilePayloadFuzzTests
{
    private const int Runs = 300;
    private const string Good = """{"v":1,"args":{"id":7,"text":"a\"b","numbers":[1,2,3],"at":"2026-11-24T00:00:00+01:00"},"culture":"tr-TR","uiCulture":"de","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=b"}""";

    public static TheoryData<int> Seeds => FuzzSeeds.Few(2);

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task EveryRunEndsVisibly_AndTheServerGoesOn_InMemory(int seed) =>
        RunAsync(seed, static options => options.Storage.Provider = "InMemory");

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task EveryRunEndsVisibly_AndTheServerGoesOn_OnSqlite(int seed)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(seed, options =>
            (options.Storage.Provider, options.Storage.ConnectionString) = ("Sqlite",
                $"Data Source={Path.Combine(folder.Path, "jobs.db")}"));
    }

    private static async Task RunAsync(int seed, Action<HangfireJobsOptions> configure)
    {
        var random = new Random(seed);
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<ArgumentsJob>().AddJob<BareJob>(),
            options =>
            {
                options.Retry.Attempts = 0;
                configure(options);
            });
        var client = host.Services.GetRequiredService<IBackgroundJobClient>();

        Dictionary<string, string> sent = [];
        for (var i = 0; i < Runs; i++)
        {
            var (name, payload) = Next(random);
            sent[client.Create(new Job(typeof(JobEnvelope), typeof(JobEnvelope).GetMethod(nameof(JobEnvelope.ExecuteAsync)), [name, payload, null, CancellationToken.None]), new EnqueuedState())] =
                "seed "
                + $"{seed}, job {i}: {name ?? "(null)"} {payload ?? "(null)"}";
        }
        await host.WaitForAsync(host.Jobs.Enqueue<BareJob>(), JobState.Succeeded);

        var monitor = host.Services.GetRequiredService<IJobMonitor>();
        // One that waits for a build that knows it is delivered again after a while, so each is looked at once.
        HashSet<JobState> ends = [];
        foreach (var (jobId, what) in sent)
        {
            JobInfo? job = null;
            await Until.TrueAsync(
                () => (job = host.Jobs.Find(jobId))?.State is not (JobState.Enqueued or JobState.Processing), $"the job ends of {what}",
                () => $"it is {job?.State} ({job?.Reason})");
            Assert.True(
                job!.State is JobState.Succeeded
                    || job is { State: JobState.Failed, Error.Length: > 0 } or { State: JobState.Scheduled, Reason.Length: > 0 },
                $"{what}: {job}");
            ends.Add(job.State);
            Assert.True(
                await monitor.FindJobAsync(jobId, cancellationToken: TestContext.Current.CancellationToken) is { State.Length: > 0 },
                $"{what} has no details");
        }
        Assert.NotEmpty(
            (await monitor.GetJobsAsync(new JobListFilter(), 1_000, cancellationToken: TestContext.Current.CancellationToken)).Jobs);
        Assert.Contains(JobState.Scheduled, ends);
        Assert.Contains(JobState.Failed, ends);
    }

    private static (string? Name, string? Payload) Next(Random random)
    {
        var name = random.Next(2) == 0 ? nameof(ArgumentsJob) : nameof(BareJob);
        return random.Next(12) switch
        {
            0 => (null, Good),
            1 => (Mutation.Of(name, random), Good),
            2 => (name, null),
            3 => (name, $$"""{"v":{{Mutation.Piece(random)}}}"""),
            4 => (name, $$"""{"v":1,"args":{{Mutation.Piece(random)}}}"""),
            5 => (name, $$"""{"v":1,"args":{"id":1,"text":"\ud800"},"culture":"\ud800","traceparent":{{Mutation.Piece(random)}}}"""),
            _ => (name, Mutation.Of(Good, random)),
        };
    }

    internal sealed record Arguments(int Id, string? Text, IReadOnlyList<int>? Numbers, DateTimeOffset? At);

    private sealed class ArgumentsJob : IJob<Arguments>
    {
        public Task<JobResult> ExecuteAsync(Arguments args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success(output: new { args.Text, ctx.ArgumentsJson }));
    }

    private sealed class BareJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            ctx.Logger.Log(Microsoft.Extensions.Logging.LogLevel.Information, default, ctx.ArgumentsJson, null, static (arguments, _) =>
                arguments ?? "");
            return Task.FromResult(JobResult.Success());
        }
    }
}
