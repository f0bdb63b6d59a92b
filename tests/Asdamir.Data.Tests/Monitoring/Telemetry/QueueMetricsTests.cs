using System.Diagnostics.Metrics;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.Monitoring.Telemetry;

/// <summary>Collectors ask often and must neither burden the storage nor see old values.</summary>
public sealed class QueueMetricsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly FailingStorage _storage = new();

    [Fact]
    public async Task Queues_AreReadOnceInTenSeconds_HoweverOftenTheyAreAskedFor()
    {
        await using var host = await StartAsync();
        var before = _storage.Reads;

        Assert.Equal(1, Depth(host));
        var once = _storage.Reads - before;
        for (var i = 0; i < 4; i++)
            Assert.Equal(1, Depth(host));
        Assert.Equal(before + once, _storage.Reads);
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, Depth(host));
        Assert.Equal(before + (2 * once), _storage.Reads);
    }

    [Fact]
    public async Task Queues_HaveNoValue_WhileTheStorageDoesNotAnswer()
    {
        await using var host = await StartAsync();
        Assert.Equal(1, Depth(host));
        _storage.IsDown = true;
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(Depth(host));
        _storage.IsDown = false;
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, Depth(host));
    }

    [Fact]
    public async Task Queues_TellTheirDepthAndTheOldestWait()
    {
        await using var host = await StartAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        var (depth, wait) = (Read(host, "asdamir.queue.depth")!, Read(host, "asdamir.queue.oldest_wait")!);

        Assert.Equal((1, "{job}"), (depth.Value, depth.Unit));
        Assert.Equal("s", wait.Unit);
        Assert.InRange(wait.Value, 59 - (DateTimeOffset.UtcNow - _time.Start).TotalSeconds, 61);
        Assert.All(new[] { depth, wait }, measured =>
            Assert.Equal([new("messaging.system", "hangfire"), new("messaging.destination.name", "crm")], measured.Tags));
    }

    [Fact]
    public async Task Queues_TellWhetherTheyArePaused()
    {
        using var folder = new TemporaryFolder();
        await using var host = await JobHost.StartClientAsync(
            static jobs => jobs.AddJob<IdleJob>(),
            options => (options.AppQueue, options.Storage.Provider, options.Storage.ConnectionString) = ("crm", "Sqlite", folder.Sqlite()),
            services => services.AddSingleton<TimeProvider>(_time));
        Assert.Equal(0, Read(host, "asdamir.queue.paused")?.Value);

        ((IJobPauses)host.Storage).Pause(JobPauseKind.Queue, "crm");
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal((1, "{queue}"), (Read(host, "asdamir.queue.paused")!.Value, Read(host, "asdamir.queue.paused")!.Unit));
    }

    private async Task<JobHost> StartAsync()
    {
        var host = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<IdleJob>().UseStorage(_ => _storage), options => options.AppQueue = "crm",
            services => services.AddSingleton<TimeProvider>(_time));
        host.Jobs.Enqueue<IdleJob>();
        return host;
    }

    private static double? Depth(JobHost host) => Read(host, "asdamir.queue.depth")?.Value;

    private static Measured? Read(JobHost host, string name)
    {
        Measured? measured = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (instrument.Name == name && ReferenceEquals(instrument.Meter, host.Services.GetRequiredService<JobMetrics>().Meter))
                one.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => measured = new Measured(value, instrument.Unit, tags.ToArray()));
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => measured = new Measured(value, instrument.Unit, tags.ToArray()));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private sealed record Measured(double Value, string? Unit, KeyValuePair<string, object?>[] Tags);
}
