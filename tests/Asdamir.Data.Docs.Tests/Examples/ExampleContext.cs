using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>What the harness of an example can use.</summary>
/// <param name="Folder">A folder that is deleted afterwards.</param>
public sealed record ExampleContext(string Folder)
{
    /// <summary>The token of the test.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A web app on the in-memory storage, on a free port, that discovers no jobs.</summary>
    public WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "InMemory";
        builder.Configuration["HangfireJobs:ScanEntryAssembly"] = "false";
        return builder;
    }

    /// <summary>Waits until a job has succeeded.</summary>
    public static Task WaitForSuccessAsync(IHangfireJobService jobs, string id) =>
        Until.TrueAsync(
            () => jobs.Find(id)?.State == JobState.Succeeded,
            $"job {id} has succeeded",
            () => $"{jobs.Find(id)?.State} {jobs.Find(id)?.Error}");

    /// <returns>The connection string of a new database.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        var server = await SharedPostgres.GetAsync();
        var name = $"d{Guid.NewGuid():N}";
        await using var create = server.Database.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(Cancellation);
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }
}
