using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.States;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.CommandLine.Tests;

/// <summary>A schema with one app, which creates jobs and executes none, and its settings file.</summary>
internal sealed class TestSchema : IAsyncDisposable
{
    public const string Queue = "crm";

    private readonly IHost _host;
    private readonly TemporaryFolder _folder;

    private TestSchema(IHost host, TemporaryFolder folder, string settings) => (_host, _folder, Settings) = (host, folder, settings);

    public IHangfireJobService Jobs => _host.Services.GetRequiredService<IHangfireJobService>();

    public JobStorage Storage => _host.Services.GetRequiredService<JobStorage>();

    /// <summary>The path of the settings file.</summary>
    public string Settings { get; }

    public string Folder => _folder.Path;

    public static Task<TestSchema> SqliteAsync() => StartAsync(static folder => ("Sqlite", folder.Sqlite(), "hangfire"));

    public static Task<TestSchema> PostgreSqlAsync(PostgresServer server) =>
        StartAsync(_ => ("PostgreSql", server.ConnectionString, server.NewSchema()));

    /// <summary>A job that failed with the message.</summary>
    public string Fail(string message = "The mail server does not answer.")
    {
        var id = Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com", "hunter2"));
        TakeOutOfQueue(id);
        Put(id, new FailedState(new InvalidOperationException(message)));
        return id;
    }

    /// <summary>Puts a job into a state as another process would have done.</summary>
    public void Put(string id, IState state)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, state);
        transaction.Commit();
    }

    /// <summary>Changes rows past the storage, of SQLite.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection(_folder.Sqlite());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    /// <summary>Executes the tool in this process.</summary>
    public Task<ToolRun> RunAsync(params string[] args) => ToolRun.InProcessAsync(Folder, [.. args, "--settings", Settings]);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _folder.Dispose();
    }

    private void TakeOutOfQueue(string id)
    {
        using var connection = Storage.GetConnection();
        using var fetched = connection.FetchNextJob([Queue], TestContext.Current.CancellationToken);
        Assert.Equal(id, fetched.JobId);
        fetched.RemoveFromQueue();
    }

    private static async Task<TestSchema> StartAsync(Func<TemporaryFolder, (string Provider, string Connection, string Schema)> where)
    {
        var folder = new TemporaryFolder();
        var (provider, connection, schema) = where(folder);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.RunServer = false;
            options.AppQueue = Queue;
            options.RecurringJobIdPrefix = Queue;
            options.Storage.Provider = provider;
            options.Storage.ConnectionString = connection;
            options.Storage.Schema = schema;
        }).AddJob<MailJob>().AddJob<ListMailJob>().AddJob<HostileJob>();
        var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        var settings = folder.PathOf("settings.json");
        await File.WriteAllTextAsync(
            settings,
            $$"""
            { "HangfireJobs": { "AppQueue": "crm", "RecurringJobIdPrefix": "crm",
                "Storage": { "Provider": "{{provider}}", "ConnectionString": "{{connection}}", "Schema": "{{schema}}" } } }
            """);
        return new TestSchema(host, folder, settings);
    }
}
