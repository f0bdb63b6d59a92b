using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.AdminConsole.Tests;

/// <summary>A company with one app, which creates jobs and executes none.</summary>
internal sealed class TestCompany : IAsyncDisposable
{
    public const string Queue = "crm";

    private readonly IHost _host;
    private readonly TemporaryFolder? _folder;

    private TestCompany(string code, IHost host, string provider, string connectionString, string schema, TemporaryFolder? folder)
    {
        Code = code;
        _host = host;
        _folder = folder;
        Settings = new Dictionary<string, string?>
        {
            ["Code"] = code, ["Storage:Provider"] = provider, ["Storage:ConnectionString"] = connectionString, ["Storage:Schema"] = schema,
        };
    }

    public string Code { get; }

    /// <summary>Its part of the console's configuration.</summary>
    public Dictionary<string, string?> Settings { get; }

    public IHangfireJobService Jobs => _host.Services.GetRequiredService<IHangfireJobService>();

    public JobStorage Storage => _host.Services.GetRequiredService<JobStorage>();

    public static Task<TestCompany> StartAsync(string code)
    {
        var folder = new TemporaryFolder();
        return StartAsync(code, "Sqlite", folder.Sqlite(), "hangfire", folder);
    }

    public static Task<TestCompany> StartAsync(string code, PostgresServer server) =>
        StartAsync(code, "PostgreSql", server.ConnectionString, server.NewSchema(), null);

    /// <summary>A company of which there is nothing but its settings.</summary>
    public static Dictionary<string, string?> Missing(string code, string provider, string connectionString) => new()
    {
        ["Code"] = code, ["Storage:Provider"] = provider, ["Storage:ConnectionString"] = connectionString,
    };

    public JobState? StateOf(string jobId) => Jobs.Find(jobId)?.State;

    /// <summary>A job that failed with the message.</summary>
    public string Fail(string message = "broken", string args = "to a customer") => FailMany(1, message, args)[0];

    public IReadOnlyList<string> FailMany(int count, string message = "broken", string args = "to a customer")
    {
        var runs = Jobs.EnqueueMany<MailJob, string>(Enumerable.Repeat(args, count));
        Put(runs, new FailedState(new InvalidOperationException(message)));
        return runs;
    }

    /// <summary>Puts runs into a state as another process would have done.</summary>
    public void Put(IEnumerable<string> jobIds, IState state)
    {
        using var connection = Storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        foreach (var jobId in jobIds)
            transaction.SetJobState(jobId, state);
        transaction.Commit();
    }

    public RecurringJobDto Recurring(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetRecurringJobs().Single(job => job.Id == id);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _folder?.Dispose();
    }

    private static async Task<TestCompany> StartAsync(
        string code, string provider, string connectionString, string schema, TemporaryFolder? folder)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.RunServer = false;
            options.AppQueue = Queue;
            options.Storage.Provider = provider;
            options.Storage.ConnectionString = connectionString;
            options.Storage.Schema = schema;
        }).AddJob<MailJob>().AddJob<ListMailJob>().AddJob<HostileJob>().AddContextPropagator<HostileContext>();
        var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        return new TestCompany(code, host, provider, connectionString, schema, folder);
    }
}
