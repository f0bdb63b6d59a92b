using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Telemetry;

public sealed class JobMetricsTests : IDisposable
{
    private readonly ConcurrentQueue<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> _measured = new();
    private readonly MeterListener _listener = new();

    public JobMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Asdamir.Data.HangfireJobs")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("good", "succeeded", null, JobState.Succeeded)]
    [InlineData("bad", "failed", "System.InvalidOperationException", JobState.Failed)]
    [InlineData("later", "postponed", null, JobState.Scheduled)]
    public async Task Job_IsCounted_TimedAndTagged_ByOutcome(string kind, string outcome, string? error, JobState state)
    {
        var app = $"app-{Guid.NewGuid():n}";
        await using var host = await StartAsync(app);
        await host.WaitForAsync(host.Jobs.Enqueue<MeasuredJob, string>(kind), state);
        await Until.TrueAsync(() => Of(app, "asdamir.jobs").Count > 0, "the job is counted");

        var sent = Assert.Single(Of(app, "messaging.client.sent.messages"));
        var duration = Assert.Single(Of(app, "messaging.process.duration"));
        var job = Assert.Single(Of(app, "asdamir.jobs"));

        Assert.Equal((1, "{message}", "enqueue"), (sent.Value, sent.Instrument.Unit, sent.Tags["messaging.operation.name"]));
        Assert.Equal(("s", error), (duration.Instrument.Unit, duration.Tags.GetValueOrDefault("error.type")));
        Assert.InRange(duration.Value, 0, 30);
        Assert.Equal(
            (1, "{job}", outcome, error),
            (job.Value, job.Instrument.Unit, job.Tags["asdamir.outcome"], job.Tags.GetValueOrDefault("error.type")));
        Assert.All(new[] { sent, duration, job }, measured => Assert.Equal(
            ("hangfire", app, "MeasuredJob"),
            (measured.Tags["messaging.system"], measured.Tags["messaging.destination.name"], measured.Tags["asdamir.job.name"])));
        Assert.All(new[] { duration, job }, measured => Assert.Equal("process", measured.Tags["messaging.operation.name"]));
    }

    [Fact]
    public async Task Job_IsActive_WhileItIsExecuted()
    {
        var app = $"app-{Guid.NewGuid():n}";
        await using var host = await StartAsync(app);
        var jobId = host.Jobs.Enqueue<MeasuredJob, string>("wait");
        await host.Probe.NotedAsync("begun");

        Assert.Equal([1], Of(app, "asdamir.jobs.active").Select(active => active.Value));
        host.Probe.Open("end");
        await host.WaitForAsync(jobId, JobState.Succeeded);
        await Until.TrueAsync(() => Of(app, "asdamir.jobs").Count > 0, "the job is counted");

        Assert.Equal([1, -1], Of(app, "asdamir.jobs.active").Select(active => active.Value));
        Assert.Equal("{job}", Of(app, "asdamir.jobs.active")[0].Instrument.Unit);
    }

    [Fact]
    public async Task Step_IsCounted_AndAgainWhenALaterAttemptReusesIt()
    {
        var app = $"app-{Guid.NewGuid():n}";
        await using var host = await StartAsync(app);
        var jobId = host.Jobs.Enqueue<MeasuredJob, string>("step and fail");
        await host.WaitForAsync(jobId, JobState.Failed);
        Assert.True(host.Jobs.Requeue(jobId).IsDone);
        await Until.TrueAsync(() => Of(app, "asdamir.jobs.steps").Count == 2, "the second attempt is counted");

        var steps = Of(app, "asdamir.jobs.steps");
        Assert.Equal(["done", "reused"], steps.Select(static step => step.Tags["asdamir.outcome"]));
        Assert.All(steps, static step => Assert.Equal(
            (1, "{step}", "MeasuredJob"), (step.Value, step.Instrument.Unit, step.Tags["asdamir.job.name"])));
    }

    [Fact]
    public async Task Batch_IsCountedByItsSize()
    {
        var app = $"app-{Guid.NewGuid():n}";
        await using var host = await StartAsync(app, runServer: false);
        host.Jobs.EnqueueMany<MeasuredJob, string>(["a", "b", "c"]);

        Assert.Equal([3], Of(app, "messaging.client.sent.messages").Select(sent => sent.Value));
    }

    [Fact]
    public async Task JobsThatAreNotStoredBecauseOfTheirKeys_AreCountedByWhatBecameOfTheOther()
    {
        var app = $"app-{Guid.NewGuid():n}";
        using var folder = new TemporaryFolder();
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<MeasuredJob>(), options =>
        {
            options.AppQueue = app;
            options.Storage.Provider = "Sqlite";
            options.Storage.ConnectionString = folder.Sqlite();
        });
        JobOptions options = new() { UniqueKey = "a" };

        host.Jobs.EnqueueMany<MeasuredJob, string>(["a", "b", "c"], options);
        host.Jobs.Enqueue<MeasuredJob, string>("d", options with { WhenTaken = WhenTaken.Replace });

        Assert.Equal([1], Of(app, "messaging.client.sent.messages").Select(static sent => sent.Value));
        var existed = Of(app, "asdamir.jobs.existed");
        Assert.Equal(
            [(2, "skipped"), (1, "replaced")],
            existed.Select(static measured => (measured.Value, (string?)measured.Tags["asdamir.outcome"])));
        Assert.All(existed, static measured => Assert.Equal(
            ("{job}", "enqueue", "MeasuredJob"),
            (measured.Instrument.Unit, measured.Tags["messaging.operation.name"], measured.Tags["asdamir.job.name"])));
    }

    private static Task<JobHost> StartAsync(string app, bool runServer = true) =>
        JobHost.StartAsync(jobs => jobs.AddJob<MeasuredJob>(), options =>
    {
        options.AppQueue = app;
        options.RunServer = runServer;
        options.Retry.Attempts = 0;
    });

    private List<(Instrument Instrument, double Value, Dictionary<string, object?> Tags)> Of(string app, string name) =>
        [.. _measured.Where(measured => measured.Instrument.Name == name && (string?)measured.Tags["messaging.destination.name"] == app)];

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument, value, new Dictionary<string, object?>(tags.ToArray())));

    private sealed class MeasuredJob(Probe probe) : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("begun");
            if (args == "wait")
                await probe.GateAsync("end", ct);
            if (args == "step and fail")
            {
                await ctx.StepAsync("one", static _ => Task.CompletedTask, ct);
                return JobResult.Failure("after the step");
            }
            return args switch
            {
                "bad" => throw new InvalidOperationException("failed"),
                "later" => JobResult.RunAgainAfter(TimeSpan.FromHours(1)),
                _ => JobResult.Success(),
            };
        }
    }
}
