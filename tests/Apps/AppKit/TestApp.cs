using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Apps.Kit;

/// <summary>
/// The frame of the test executables: a host configured by its command line as any app is, that carries out the
/// commands it reads line by line and answers each with one line. Its log goes to the error stream.
/// </summary>
public static class TestApp
{
    public static async Task RunAsync(
        string[] args, Func<IServiceProvider, Command, object?> execute, Action<IHangfireJobsBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(execute);
        var builder = Host.CreateApplicationBuilder(args);
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var jobs = builder.Services.AddCoreHangfireJobs(builder.Configuration);
        configure?.Invoke(jobs);
        if (builder.Configuration["HandIn"] == "Hangfire.PostgreSql")
            jobs.UseStorage(services => HangfirePostgreSql(services.GetRequiredService<HangfireJobsOptions>().Storage));
        if (builder.Configuration.GetValue<int?>("LeaseSeconds") is { } lease)
            jobs.UseStorage(services => WithLease(services.GetRequiredService<HangfireJobsOptions>().Storage, TimeSpan.FromSeconds(lease)));
        builder.Services.AddSingleton(new WorkLedger(NpgsqlDataSource.Create(builder.Configuration["Ledger"]!)));

        using var host = builder.Build();
        await host.StartAsync();
        Answer(new { ready = true });
        _ = Task.Run(() => Listen(host.Services, execute));
        await host.WaitForShutdownAsync();
    }

    // The lease is an option of the storage alone.
    private static SqlJobStorage WithLease(HangfireJobsStorageOptions storage, TimeSpan lease) => storage.Provider == "Sqlite"
        ? new SqliteJobStorage(storage.ConnectionString, new SqliteJobStorageOptions { LeaseTimeout = lease })
        : new PostgreSqlJobStorage(
            storage.ConnectionString, new PostgreSqlJobStorageOptions { Schema = storage.Schema, LeaseTimeout = lease });

    private static PostgreSqlStorage HangfirePostgreSql(HangfireJobsStorageOptions storage)
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = storage.Schema,
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(30),
            QueuePollInterval = TimeSpan.FromSeconds(2),
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(storage.ConnectionString, options), options);
    }

    private static void Listen(IServiceProvider services, Func<IServiceProvider, Command, object?> execute)
    {
        while (Console.ReadLine() is { } line)
        {
            try
            {
                var command = JsonSerializer.Deserialize<Command>(line, Command.Json)!;
                Answer(new { result = execute(services, command) });
            }
            catch (Exception exception)
            {
                Answer(new { error = exception.Message });
            }
        }
    }

    private static void Answer(object answer) => Console.WriteLine("@" + JsonSerializer.Serialize(answer, Command.Json));
}
