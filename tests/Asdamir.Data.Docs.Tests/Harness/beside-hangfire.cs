using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.SqlServer;
using Microsoft.Extensions.Options;

// There is no SQL Server here, so the app is composed and its settings are validated, but it does not start.
public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        var connectionString = "Server=db;Database=company";
        //<example 1>
        await using var app = builder.Build();
        Xunit.Assert.NotNull(app.Services.GetRequiredService<IOptions<HangfireJobsOptions>>().Value);
    }
}
