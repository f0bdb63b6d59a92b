using System.Collections.Concurrent;
using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Hosting;

public sealed class AmbientStateOnSqlite() : AmbientStateTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class AmbientStateOnPostgreSql() : AmbientStateTests(StorageKind.PostgreSql);

/// <summary>What works in the background belongs to the process, not to the request or the start-up code that needed it first.</summary>
public abstract class AmbientStateTests : IDisposable
{
    private const string SourceName = "Asdamir.Data.Tests.AmbientState";
    private static readonly ActivitySource Source = new(SourceName);

    private readonly StorageKind _kind;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _leaks = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly AsyncLocal<string?> _ambient;
    private readonly ActivityListener _listener;

    protected AmbientStateTests(StorageKind kind)
    {
        _kind = kind;
        // Called whenever a thread begins to work in a context that has the value.
        _ambient = new AsyncLocal<string?>(change =>
        {
            if (change is { ThreadContextChanged: true, CurrentValue: "request" })
                _leaks.Enqueue($"{Thread.CurrentThread.Name}: {Environment.StackTrace}");
        });
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Npgsql" or "Asdamir.Data.HangfireJobs" or SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BackgroundWork_KeepsNothingOfTheFirstRequest(bool runServer)
    {
        await using var host = await StartAsync(runServer);
        var jobs = host.Jobs;
        string first;
        ActivityTraceId trace;
        using (host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("request").BeginScope("user 42"))
        using (var request = Source.StartActivity("request")!)
        {
            trace = request.TraceId;
            _ambient.Value = "request";
            // Everything in one call, as nothing of the test may continue on another thread with the value.
            first = jobs.Enqueue<NotingJob>();
            jobs.EnqueueMany<NumberJob, int>([1, 2, 3]);
            jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));
            jobs.ContinueWith<NotingJob>(first);
            jobs.AddOrUpdateRecurring<NotingJob>("@daily");
            jobs.PauseRecurring(nameof(NotingJob));
            jobs.Delete(jobs.Schedule<NotingJob>(TimeSpan.FromHours(1)));
            Assert.NotNull(jobs.Find(first));
            host.Storage.GetMonitoringApi().GetStatistics();
            _ambient.Value = null;
        }
        if (runServer)
            await host.WaitForAsync(first, JobState.Succeeded);
        // The jobs of the request continue its trace; those that come later must not.
        Activity.Current = null;
        _spans.Clear();

        for (var i = 0; i < 6; i++)
        {
            var jobId = jobs.Enqueue<NotingJob>();
            if (runServer)
                await host.WaitForAsync(jobId, JobState.Succeeded);
        }
        jobs.TriggerRecurring(nameof(NotingJob));

        Assert.Empty(_leaks);
        Assert.DoesNotContain(_spans, span => span.TraceId == trace && !IsOfAJob(span));
    }

    [Fact]
    public async Task Jobs_KeepNothingOfTheStartOfTheHost()
    {
        _ambient.Value = "start";
        var start = Source.StartActivity("start")!;
        await using var host = await StartAsync(runServer: true);
        start.Dispose();
        _ambient.Value = null;
        Activity.Current = null;

        await host.WaitForAsync(host.Jobs.Enqueue<NotingJob>(), JobState.Succeeded);
        host.Jobs.AddOrUpdateRecurring<NotingJob>("@daily");
        await host.WaitForAsync(host.Jobs.TriggerRecurring(nameof(NotingJob))!, JobState.Succeeded);

        Assert.Equal(["none", "none"], host.Probe.Notes);
        Assert.DoesNotContain(_spans, span => span.TraceId == start.TraceId && span.StartTimeUtc > start.StartTimeUtc + start.Duration);
    }

    // A job that the request enqueued may be executed late.
    private static bool IsOfAJob(Activity span) =>
        span.Source.Name == "Asdamir.Data.HangfireJobs" || (span.Parent is { } parent && IsOfAJob(parent));

    private async Task<JobHost> StartAsync(bool runServer)
    {
        var connectionString = $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
        var schema = "hangfire";
        if (_kind == StorageKind.PostgreSql)
        {
            (connectionString, schema) = ((await SharedPostgres.GetAsync()).ConnectionString,
                (await SharedPostgres.GetAsync()).NewSchema());
        }
        return await JobHost.StartAsync(
            jobs => jobs.AddJob<NotingJob>().AddJob<NumberJob>(),
            options =>
            {
                options.RunServer = runServer;
                (options.Storage.Provider, options.Storage.ConnectionString,
                    options.Storage.Schema) = (_kind.ToString(), connectionString, schema);
            },
            services => services.AddSingleton(_ambient));
    }

    private sealed class NotingJob(Probe probe, AsyncLocal<string?> ambient) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(ambient.Value ?? "none");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class NumberJob : IJob<int>
    {
        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
