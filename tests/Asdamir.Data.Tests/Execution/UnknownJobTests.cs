using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Execution;

/// <summary>A job that waits for another build must not wait unseen.</summary>
public sealed class UnknownJobTests : IDisposable
{
    private readonly string _app = $"app-{Guid.NewGuid():n}";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();

    public UnknownJobTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "asdamir.jobs.unknown")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Count(new Dictionary<string, object?>(tags.ToArray())));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Delivery_IsLoggedOnceForAName_CountedEachTime_AndShownByTheHealthCheck()
    {
        await using var host = await StartAsync();
        Assert.Equal(0, (await CheckAsync(host)).Data["unknownJobs"]);

        foreach (var name in new[] { "GoneJob", "GoneJob", "GoneJob", "Other\nJob" })
            await PostponedAsync(host, name);
        await PostponedAsync(host, nameof(KnownJob), """{"v":2}""");

        // On a slow machine, a job may come again before the test ends.
        Assert.True(_counted.Count(static name => name == "GoneJob") >= 3, string.Join(", ", _counted));
        Assert.Equal(["GoneJob", nameof(KnownJob), "Other\nJob"], _counted.Distinct().Order(StringComparer.Ordinal));
        var lines = host.Logs.With(1105).ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Equal(LogLevel.Warning, line.Level));
        Assert.Single(lines, line =>
            line.Message.Contains("This build has no job named 'GoneJob'. Deploy a build that has it", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Message.Contains("The payload has version 2", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Message.Contains('\n', StringComparison.Ordinal));
        var health = await CheckAsync(host);
        Assert.Equal((HealthStatus.Degraded, 3), (health.Status, health.Data["unknownJobs"]));
        Assert.Contains("'GoneJob'", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_Recovers_WhenNoneWasDeliveredForAWhile()
    {
        PostponeToTomorrow();
        await using var host = await StartAsync();
        await PostponedAsync(host, "GoneJob");
        Assert.Equal(1, (await CheckAsync(host)).Data["unknownJobs"]);

        _time.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(0, (await CheckAsync(host)).Data["unknownJobs"]);
    }

    [Fact]
    public async Task Names_AreBounded_WhenRowsNameAnyNumberOfJobs()
    {
        PostponeToTomorrow();
        await using var host = await StartAsync();

        for (var i = 0; i < 110; i++)
            Create(host, $"Gone{i}", """{"v":1}""");
        await Until.TrueAsync(() => _counted.Count >= 110, "all deliveries are counted", () => $"{_counted.Count} of 110");

        Assert.Equal(101, _counted.Distinct().Count());
        await Until.TrueAsync(() => host.Logs.With(1105).Count() == 101, "each name is logged once");
    }

    // However long the test takes, no job is delivered a second time.
    private void PostponeToTomorrow() => _time.Advance(TimeSpan.FromDays(1));

    private Task<JobHost> StartAsync() => JobHost.StartAsync(
        jobs => jobs.AddJob<KnownJob>(),
        options => options.AppQueue = _app,
        services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            services.AddHealthChecks().AddHangfireJobs();
        });

    private async Task PostponedAsync(JobHost host, string jobName, string payload = """{"v":1}""")
    {
        var jobId = Create(host, jobName, payload);
        await Until.TrueAsync(() => host.StateOf(jobId).Name == ScheduledState.StateName, $"job {jobId} of {jobName} is postponed");
    }

    private string Create(JobHost host, string jobName, string payload) =>
        host.Services.GetRequiredService<IBackgroundJobClient>().Create(JobEnvelope.Wrap(jobName, payload, _app), new EnqueuedState());

    private static async Task<HealthReportEntry> CheckAsync(JobHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken))
            .Entries["hangfire-jobs"];

    private void Count(Dictionary<string, object?> tags)
    {
        if ((string?)tags.GetValueOrDefault("messaging.destination.name") == _app)
            _counted.Enqueue((string)tags["asdamir.job.name"]!);
    }

    private sealed class KnownJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
