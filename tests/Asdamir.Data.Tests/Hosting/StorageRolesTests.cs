using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Npgsql;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>The roles of docs/operating.md, created by the statements that stand there.</summary>
[NeedsPostgreSql]
public sealed partial class StorageRolesTests : IAsyncLifetime
{
    // Roles belong to the whole server.
    private readonly string _unique = $"u{Guid.NewGuid():N}";
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        var server = await SharedPostgres.GetAsync();
        _server = server.ConnectionString;
        await using (var create = server.Database.CreateCommand($"CREATE DATABASE {_unique}"))
            await create.ExecuteNonQueryAsync();
        await RunAsync(string.Join('\n', DocumentedStatements()), "postgres");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Start_FailsAndChangesNothing_WhenAnAppsRoleFindsNoTablesOrNoSchema()
    {
        Assert.Contains("Migrate is off", (await StartFailsAsync(static _ => { })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "CreateSchema is off",
            (await StartFailsAsync(static options => (options.Storage.Migrate, options.Storage.Schema) = (true, "elsewhere"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "permission denied", (await StartFailsAsync(static options => options.Storage.Migrate = true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_EnqueuesAndExecutes_AndCannotChangeTables()
    {
        await MigrateAsync();
        await using var app = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>(), options => Use(options, "jobs_app"));

        await app.WaitForAsync(app.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);
        await app.WaitForAsync(app.Jobs.ContinueWith<IdleJob>(app.Jobs.Schedule<IdleJob>(TimeSpan.Zero)), JobState.Succeeded);
        app.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "yearly" });
        await app.WaitForAsync(app.Jobs.TriggerRecurring("yearly")!, JobState.Succeeded);

        Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => RunAsync("CREATE TABLE hangfire.mine (id int)", "jobs_app"))).SqlState);
        Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => RunAsync("DROP TABLE hangfire.job", "jobs_app"))).SqlState);
    }

    [Fact]
    public async Task Console_Acts()
    {
        await MigrateAsync();
        await using var console = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>(), options => Use(options, "jobs_console"));
        var job = console.Jobs.Schedule<IdleJob>(TimeSpan.FromDays(1));

        Assert.True(console.Jobs.Delete(job).IsDone);
        Assert.True(console.Jobs.Requeue(job).IsDone);
        Assert.Equal(JobState.Enqueued, console.Jobs.Find(job)!.State);
    }

    [Fact]
    public async Task Viewer_SeesEverything_AndChangesNothing()
    {
        await MigrateAsync();
        string job;
        await using (var app = await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>(), options => Use(options, "jobs_app")))
        {
            job = app.Jobs.Schedule<IdleJob>(TimeSpan.FromDays(1));
            app.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "yearly" });
        }
        using var console = JobMonitor.Observe(new JobMonitorOptions
        {
            Storage = new HangfireJobsStorageOptions { Provider = "PostgreSql", ConnectionString = AddressOf("jobs_viewer") },
            ContentRootPath = "/",
        });

        Assert.Equal(
            [job],
            (await console.GetJobsAsync(new JobListFilter(), 10, cancellationToken: TestContext.Current.CancellationToken))
                .Jobs.Select(static found => found.Id));
        Assert.NotNull(await console.FindJobAsync(job, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(await console.GetRecurringJobsAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            PostgresErrorCodes.InsufficientPrivilege,
            (await Assert.ThrowsAsync<PostgresException>(() => RunAsync("DELETE FROM hangfire.job", "jobs_viewer"))).SqlState);
    }

    private async Task MigrateAsync()
    {
        await using (await JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>(), options =>
        {
            Use(options, "jobs_owner");
            // As by default: the role may not create schemas, and need not.
            options.Storage.Migrate = true;
            options.Storage.CreateSchema = true;
        }))
        {
        }
    }

    private async Task<Exception> StartFailsAsync(Action<HangfireJobsOptions> configure)
    {
        using var host = JobHost.Create(jobs => jobs.AddJob<IdleJob>(), options =>
        {
            Use(options, "jobs_app");
            configure(options);
        });
        return await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    private void Use(HangfireJobsOptions options, string role)
    {
        options.AppQueue = "crm";
        options.Storage.Provider = "PostgreSql";
        options.Storage.ConnectionString = AddressOf(role);
        options.Storage.Migrate = false;
        options.Storage.CreateSchema = false;
    }

    private async Task RunAsync(string sql, string role)
    {
        await using var connection = new NpgsqlConnection(AddressOf(role));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private string AddressOf(string role) => new NpgsqlConnectionStringBuilder(_server)
    {
        Database = _unique,
        Username = Unique(role),
    }.ConnectionString;

    private string Unique(string text) =>
        text.Replace("jobs_", $"{_unique}_", StringComparison.Ordinal)
            .Replace("DATABASE company", $"DATABASE {_unique}", StringComparison.Ordinal);

    private List<string> DocumentedStatements([CallerFilePath] string thisFile = "")
    {
        var document = File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "operating.md"));
        List<string> statements = [.. SqlBlock().Matches(document)
            .Select(static block => block.Groups[1].Value)
            .Where(static block => block.StartsWith("CREATE ROLE", StringComparison.Ordinal))
            .Select(Unique)];
        Assert.Equal(4, statements.Count);
        return statements;
    }

    [GeneratedRegex(@"```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
