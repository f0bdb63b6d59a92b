using Asdamir.Data.HangfireJobs;
using Hangfire.States;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring;

/// <summary>
/// What the tests of the API have in common: apps that share one schema of the storage, which is empty at first. No server
/// runs unless it is asked for, so every job stays where it was put.
/// </summary>
public abstract class MonitoringTests(StorageKind kind) : IAsyncLifetime
{
    private readonly SharedStorage _memory = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<WebHost> _hosts = [];
    private string _connectionString = "";
    private string _schema = "hangfire";

    protected StorageKind Kind => kind;

    protected string ConnectionString => _connectionString;

    protected string Schema => _schema;

    public virtual async ValueTask InitializeAsync()
    {
        if (kind == StorageKind.Sqlite)
            _connectionString = $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
        else if (kind == StorageKind.PostgreSql)
        {
            (_connectionString, _schema) = ((await SharedPostgres.GetAsync()).ConnectionString,
                (await SharedPostgres.GetAsync()).NewSchema());
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _folder.Dispose();
    }

    /// <param name="app">The AppQueue and the prefix; empty for none, which sees the whole schema.</param>
    private protected async Task<WebHost> StartAsync(
        string app = "crm", Action<HangfireJobsOptions>? configure = null, Action<IServiceCollection>? services = null,
        Action<WebApplication>? use = null,
        Action<WebApplication>? map = null)
    {
        var host = await WebHost.StartAsync(
            "Development",
            jobs =>
            {
                jobs.AddJob<IdleJob>().AddJob<OtherJob>().AddJob<ReportJob>().AddJob<BadJob>();
                if (kind == StorageKind.InMemory)
                    jobs.UseStorage(_ => _memory);
                else
                    jobs.AddJob<LimitedJob>();
            },
            options =>
            {
                options.AppQueue = app;
                options.RecurringJobIdPrefix = app;
                options.RunServer = false;
                (options.Storage.Provider, options.Storage.ConnectionString,
                    options.Storage.Schema) = (kind.ToString(), _connectionString, _schema);
                options.WorkerCount = 2;
                // Tests ask again until it is so.
                options.Access.RequestsPerMinute = 100_000;
                options.Retry.Attempts = 0;
                configure?.Invoke(options);
            },
            collection =>
            {
                collection.AddSingleton<Probe>();
                services?.Invoke(collection);
            },
            use,
            map);
        _hosts.Add(host);
        return host;
    }

    private protected static string Fail(WebHost app, string error = "broken") => Fail<IdleJob>(app, error);

    /// <summary>A job that has failed, put there without a server.</summary>
    private protected static string Fail<TJob>(WebHost app, string error = "broken") where TJob : class, IJob =>
        Put<TJob>(app, new FailedState(new InvalidOperationException(error)));

    private protected static string Put<TJob>(WebHost app, IState state) where TJob : class, IJob
    {
        var jobId = app.Jobs.Schedule<TJob>(TimeSpan.FromHours(1));
        Assert.True(app.Jobs.Delete(jobId).IsDone);
        StoredStates.Put(app.Storage, jobId, state);
        return jobId;
    }

}
