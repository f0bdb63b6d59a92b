using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Npgsql;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>Times at both ends of what their types can say.</summary>
public sealed class PastAndFutureTests
{
    private static readonly DateTimeOffset[] PastTimes =
        [
            default, DateTimeOffset.MinValue.AddDays(1).ToOffset(TimeSpan.FromHours(14)), DateTimeOffset.UnixEpoch.AddSeconds(-1),
            DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow.AddDays(-1)
        ];

    private static readonly TimeSpan[] PastDelays = [TimeSpan.MinValue, TimeSpan.FromDays(-40_000), TimeSpan.FromTicks(-1), TimeSpan.Zero];

    [Fact]
    public async Task Schedule_RunsAtOnce_WhenTheTimeIsInThePast()
    {
        await using var host = await StartAsync();

        await AllSucceedAsync(host, ScheduleInThePast(host.Jobs));
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task ScheduleInATransaction_RunsAtOnce_WhenTheTimeIsInThePast()
    {
        var server = await SharedPostgres.GetAsync();
        await using var host = await StartAsync(options =>
            (options.Storage.Provider, options.Storage.ConnectionString,
                options.Storage.Schema) = ("PostgreSql", server.ConnectionString, server.NewSchema()));
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        var runs = ScheduleInThePast(host.Jobs.InTransaction(transaction));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        await AllSucceedAsync(host, runs);
    }

    [Fact]
    public async Task Requeue_RunsAtOnce_WhenTheTimeHadBeenInThePast()
    {
        await using var host = await StartAsync();
        var job = host.Jobs.Schedule<IdleJob>(default(DateTimeOffset));
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.True(host.Jobs.Requeue(job).IsDone);

        await host.WaitForAsync(job, JobState.Succeeded);
    }

    [Fact]
    public async Task RunAgainAfter_RunsAgainAtOnce_WhenTheDelayIsNegative()
    {
        await using var host = await StartAsync();

        await host.WaitForAsync(host.Jobs.Enqueue<AgainJob>(), JobState.Succeeded);

        Assert.Equal(["executed", "executed"], host.Probe.Notes);
    }

    [Fact]
    public async Task Schedule_SaysWhatTheLatestTimeIs_WhenTheTimeIsBeyondIt()
    {
        await using var host = await StartAsync();

        Refuses("RunAt", "9999-12-31", () => host.Jobs.Schedule<IdleJob>(DateTimeOffset.MaxValue));
        Refuses("RunAt", "9999-12-31", () => host.Jobs.Schedule<NotingJob, string>("x", DateTimeOffset.MaxValue));
        Refuses("Delay", $"{TimeSpan.MaxValue}", () => host.Jobs.Schedule<IdleJob>(TimeSpan.MaxValue));
        Refuses("Delay", $"{TimeSpan.MaxValue}", () => host.Jobs.Schedule<NotingJob, string>("x", TimeSpan.MaxValue));
        Assert.Equal(
            JobState.Scheduled,
            host.Jobs.Find(host.Jobs.Schedule<IdleJob>(new DateTimeOffset(9998, 12, 31, 0, 0, 0, TimeSpan.Zero)))!.State);
        Assert.Equal(1, host.Storage.GetMonitoringApi().ScheduledCount());
    }

    [Fact]
    public void RunAgainAfter_SaysWhatTheLongestDelayIs_WhenItIsLonger()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => JobResult.RunAgainAfter(TimeSpan.MaxValue));

        Assert.Equal(
            ("delay", true, true),
            (error.ParamName, error.Message.Contains("365", StringComparison.Ordinal),
                error.Message.Contains($"{TimeSpan.MaxValue}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("10675199.02:48:05.4775807", "365")]
    [InlineData("365.00:00:00.0000001", "365")]
    [InlineData("-00:00:00.001", "An infinite delay has no next attempt. Fix: return JobResult.PermanentFailure")]
    public void RetryAfter_RefusesADelayThatDoesNotEnd(string delay, string fault)
    {
        var endless = TimeSpan.Parse(delay, CultureInfo.InvariantCulture);

        Refuses(() => JobResult.RetryAfter(endless));
        Refuses(() => JobResult.RetryAfter(endless, "busy"));
        Refuses(() => JobResult.RetryAfter(endless, new IOException()));

        void Refuses(Func<JobResult> retry)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(retry);
            Assert.Equal("delay", error.ParamName);
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("365.00:00:00", "365.00:00:00")]
    [InlineData("00:00:00.0000001", "00:00:00.0000001")]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("-00:00:01", "00:00:00")]
    [InlineData("-10675199.02:48:05.4775808", "00:00:00")]
    public void RetryAfter_HasTheDelay_AndIsAFailure(string delay, string expected)
    {
        IOException exception = new("closed");
        var asked = TimeSpan.Parse(delay, CultureInfo.InvariantCulture);
        var retry = JobResult.RetryAfter(asked);
        var thrown = JobResult.RetryAfter(asked, exception);

        Assert.Equal(
            (JobOutcome.Failure, expected, $"The job asked for another attempt after {expected}."),
            (retry.Outcome, $"{retry.RetryDelay:c}", retry.Message));
        Assert.Equal((JobOutcome.Failure, expected, "closed"), (thrown.Outcome, $"{thrown.RetryDelay:c}", thrown.Message));
        Assert.Same(exception, thrown.Exception);
        Assert.Null(JobResult.Failure(exception).RetryDelay);
        Assert.Throws<ArgumentNullException>(() => JobResult.RetryAfter(asked, (Exception)null!));
        Assert.Throws<ArgumentNullException>(() => JobResult.RetryAfter(asked, (string)null!));
    }

    private static List<string> ScheduleInThePast(IHangfireJobService jobs) =>
    [
        .. PastTimes.Select(at => jobs.Schedule<IdleJob>(at)),
        .. PastTimes.Select(at => jobs.Schedule<NotingJob, string>("x", at)),
        .. PastDelays.Select(delay => jobs.Schedule<IdleJob>(delay)),
        .. PastDelays.Select(delay => jobs.Schedule<NotingJob, string>("x", delay)),
    ];

    private static async Task AllSucceedAsync(JobHost host, List<string> runs)
    {
        foreach (var job in runs)
            await host.WaitForAsync(job, JobState.Succeeded);
    }

    private static void Refuses(string option, string value, Func<string> schedule)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(schedule);
        Assert.Equal("options", error.ParamName);
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
        Assert.Contains("9999-01-01", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            value,
            Convert.ToString(
                error.ActualValue is DateTimeOffset at ? $"{at:O}" : $"{error.ActualValue}",
                System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    private static Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) =>
        JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>().AddJob<NotingJob>().AddJob<AgainJob>(), options =>
        {
            options.AppQueue = "crm";
            configure?.Invoke(options);
        });

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class NotingJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class AgainJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            var isFirst = !probe.Notes.Any();
            probe.Note("executed");
            return Task.FromResult(isFirst ? JobResult.RunAgainAfter(TimeSpan.MinValue) : JobResult.Success());
        }
    }
}
