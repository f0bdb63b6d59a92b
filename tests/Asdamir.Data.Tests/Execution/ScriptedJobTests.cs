using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>What tests share whose jobs do what the test says, on a storage of their own.</summary>
public abstract class ScriptedJobTests(StorageKind kind) : IAsyncLifetime
{
    private static int _lastQueue;

    private readonly TemporaryFolder _folder = new();

    private protected StorageKind Kind => kind;

    private protected string Queue { get; } = $"steps-{Interlocked.Increment(ref _lastQueue)}";

    private protected string ConnectionString { get; private set; } = "";

    private protected string Schema { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (kind == StorageKind.Sqlite)
            ConnectionString = _folder.Sqlite();
        if (kind == StorageKind.PostgreSql)
        {
            var server = await SharedPostgres.GetAsync();
            (ConnectionString, Schema) = (server.ConnectionString, server.NewSchema());
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected Task<JobHost> StartAsync(
        Func<IJobContext, CancellationToken, Task<JobResult>> script, Action<HangfireJobsOptions>? configure = null,
        Action<IHangfireJobsBuilder>? add = null) =>
        JobHost.StartAsync(
            jobs =>
            {
                jobs.AddJob<ScriptedJob>();
                add?.Invoke(jobs);
            },
            options =>
            {
                options.AppQueue = Queue;
                options.Retry = new() { Attempts = 2, BaseDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromSeconds(1) };
                options.Storage.Provider = kind.ToString();
                options.Storage.ConnectionString = ConnectionString;
                if (kind == StorageKind.PostgreSql)
                    options.Storage.Schema = Schema;
                configure?.Invoke(options);
            },
            services => services.AddSingleton(script));

    /// <summary>A host whose jobs succeed unless they throw.</summary>
    private protected Task<JobHost> StartAsync(
        Func<IJobContext, CancellationToken, Task> script, Action<HangfireJobsOptions>? configure = null,
        Action<IHangfireJobsBuilder>? add = null) =>
        StartAsync(
            async (ctx, ct) =>
            {
                await script(ctx, ct);
                return JobResult.Success();
            },
            configure, add);

    private protected sealed class ScriptedJob(Func<IJobContext, CancellationToken, Task<JobResult>> script) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => script(ctx, ct);
    }
}
