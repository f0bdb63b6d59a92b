using System.Globalization;
using Asdamir.Data.HangfireJobs;
using BenchKit;
using Hangfire;
using Hangfire.Storage;
using Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Punctuality;

/// <summary>One worker process on one database.</summary>
internal sealed class Measurement : IAsyncDisposable
{
    public const string WorkerRole = "worker";
    private const int Workers = 10;
    private const int Schedules = 20;
    // Longer than any lateness that is expected, and a divisor of a minute.
    private const int Every = 15;

    private readonly Place _place;
    private readonly IHost _client;
    private readonly BenchProcess _worker;

    private Measurement(Place place, BenchProcess worker)
    {
        _place = place;
        _worker = worker;
        _client = App.Build(place.Settings(workers: 0));
    }

    private IHangfireJobService Jobs => _client.Services.GetRequiredService<IHangfireJobService>();

    public static async Task<Measurement> StartAsync(BenchServer server, string provider)
    {
        var place = await Place.NewAsync(provider, server);
        var measurement = new Measurement(place, await BenchProcess.StartAsync([WorkerRole, .. place.Settings(Workers)]));
        await measurement._client.StartAsync();
        // The first job of a process takes longer.
        await measurement.Jobs.EnqueueAsync<Late, Due>(new Due("first", DateTimeOffset.UtcNow));
        await measurement.NotedAsync("first", 1);
        return measurement;
    }

    /// <returns>Milliseconds of each job.</returns>
    public async Task<List<double>> DelayedAsync(int jobs, TimeSpan time)
    {
        const string Measure = "delayed";
        for (var job = 0; job < jobs; job++)
        {
            var due = DateTimeOffset.UtcNow + (Random.Shared.NextDouble() * time);
            await Jobs.EnqueueAsync<Late, Due>(new Due(Measure, due), new JobOptions { RunAt = due });
        }
        return await NotedAsync(Measure, jobs);
    }

    /// <returns>Milliseconds of each occurrence.</returns>
    public async Task<List<double>> RecurringAsync(TimeSpan time)
    {
        const string Measure = "recurring";
        for (var second = 0; second < Schedules; second++)
        {
            var first = DateTimeOffset.UnixEpoch.AddSeconds(second % Every);
            await Jobs.AddOrUpdateRecurringAsync<Late, Due>(
                new Due(Measure, first, Every), $"{second % Every}/{Every} * * * * *", new RecurringOptions { Id = $"schedule{second}" });
        }
        // The first occurrences are late by however long it took to add them.
        await Task.Delay(TimeSpan.FromSeconds(Every));
        var before = Noted(Measure).Count;
        await Task.Delay(time);
        for (var second = 0; second < Schedules; second++)
            await Jobs.RemoveRecurringAsync($"schedule{second}");
        return Noted(Measure)[before..];
    }

    /// <returns>Milliseconds from the call that deletes a running job until its token is cancelled in the other process.</returns>
    public async Task<List<double>> CancelledAsync(int jobs)
    {
        List<double> milliseconds = [];
        for (var job = 0; job < jobs; job++)
        {
            var jobId = await Jobs.EnqueueAsync<Held>();
            await Until.TrueAsync(() => _place.Lines().Exists(line => line is [Held.Begun, var id] && id == jobId), "the job has begun");
            var asked = DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch;
            await Jobs.DeleteAsync(jobId);
            double? cancelled = null;
            await Until.TrueAsync(() => (cancelled = CancelledAt(jobId)) is not null, "its token is cancelled");
            milliseconds.Add(cancelled!.Value - asked.TotalMilliseconds);
        }
        return milliseconds;
    }

    /// <returns>After how long the last one was in the queue, and had begun.</returns>
    public async Task<(TimeSpan Promoted, TimeSpan Begun)> AtOnceAsync(int jobs)
    {
        const string Measure = "at-once";
        var due = DateTimeOffset.UtcNow.AddSeconds(30);
        await Jobs.EnqueueManyAsync<Late, Due>(Enumerable.Repeat(new Due(Measure, due), jobs), new JobOptions { RunAt = due });
        if (DateTimeOffset.UtcNow > due)
            throw new InvalidOperationException($"It took longer than 30 seconds to create {jobs} jobs.");
        await Task.Delay(due - DateTimeOffset.UtcNow);
        // Not those in the state Scheduled: a job keeps it in the queue until it begins.
        using var connection = (JobStorageConnection)_client.Services.GetRequiredService<JobStorage>().GetConnection();
        await Until.TrueAsync(() => connection.GetSetCount("schedule") == 0, "all jobs are in the queue");
        var promoted = DateTimeOffset.UtcNow - due;
        var late = await NotedAsync(Measure, jobs);
        return (promoted, TimeSpan.FromMilliseconds(late.Max()));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _client.StopAsync();
        _client.Dispose();
        _place.Dispose();
    }

    private async Task<List<double>> NotedAsync(string measure, int jobs)
    {
        await Until.TrueAsync(HaveBegunAsync, $"{jobs} jobs have begun");
        return Noted(measure);

        // Seldom, as reading the lines of many jobs takes processor from them.
        async Task<bool> HaveBegunAsync()
        {
            await Task.Delay(500);
            return Noted(measure).Count >= jobs;
        }
    }

    private double? CancelledAt(string jobId) =>
        _place.Lines().Find(line => line is [Held.Cancelled, var id, _] && id == jobId) is [_, _, var at]
            ? double.Parse(at, CultureInfo.InvariantCulture)
            : null;

    private List<double> Noted(string measure) =>
    [
        .. _place.Lines()
            .Where(line => line is [var of, _] && of == measure)
            .Select(static line => double.Parse(line[1], CultureInfo.InvariantCulture)),
    ];
}
