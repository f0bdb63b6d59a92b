using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Only the cancellation of the job is a cancellation; that of a call which the job makes is a failure.</summary>
public sealed class ForeignCancellationTests : IDisposable
{
    private readonly string _app = $"app-{Guid.NewGuid():n}";
    private readonly ConcurrentQueue<(string? Outcome, string? Error)> _counted = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public ForeignCancellationTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "asdamir.jobs")
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => Count(new Dictionary<string, object?>(tags.ToArray())));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Asdamir.Data.HangfireJobs",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    [Theory]
    [InlineData("http", typeof(TaskCanceledException))]
    [InlineData("token", typeof(OperationCanceledException))]
    [InlineData("bare", typeof(OperationCanceledException))]
    public async Task Execute_CountsTracesAndRetriesAFailure_WhenATokenThatIsNotTheJobsIsCancelled(string manner, Type exception)
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<CallingJob>(), options =>
        {
            options.AppQueue = _app;
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero };
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<CallingJob, string>(manner), JobState.Failed);
        await Until.TrueAsync(() => _counted.Count == 2, "both attempts are counted");

        Assert.Equal(exception.FullName, host.StateOf(job.Id).Data["ExceptionType"]);
        Assert.All(_counted, counted => Assert.Equal(("failed", exception.FullName), counted));
        var attempts = _spans.Where(
            span => span.Kind == ActivityKind.Consumer && (string?)span.GetTagItem("messaging.destination.name") == _app)
            .ToList();
        Assert.Equal(2, attempts.Count);
        Assert.All(
            attempts, span => Assert.Equal((ActivityStatusCode.Error, exception.FullName), (span.Status, span.GetTagItem("error.type"))));
    }

    private void Count(Dictionary<string, object?> tags)
    {
        if ((string?)tags.GetValueOrDefault("messaging.destination.name") == _app)
            _counted.Enqueue(((string?)tags.GetValueOrDefault("asdamir.outcome"), (string?)tags.GetValueOrDefault("error.type")));
    }

    private sealed class CallingJob : IJob<string>
    {
        public async Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            if (args == "bare")
                throw new OperationCanceledException();
            if (args == "token")
                new CancellationToken(canceled: true).ThrowIfCancellationRequested();

            // A server that accepts the connection and never answers.
            using var silent = new TcpListener(IPAddress.Loopback, 0);
            silent.Start();
            using var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
            await client.GetAsync(new Uri($"http://{silent.LocalEndpoint}/"), ct);
            return JobResult.Success();
        }
    }
}
