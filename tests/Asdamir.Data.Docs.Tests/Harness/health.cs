using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        //<example 1>
        await using var app = builder.Build();
        //<example 2>
        await app.StartAsync(ExampleContext.Cancellation);
        using HttpClient client = new();

        foreach (var address in (string[])["/health/live", "/health/ready"])
        {
            await Kit.Until.TrueAsync(
                async () => (await client.GetAsync(app.Urls.First() + address)).IsSuccessStatusCode, $"{address} is healthy");
        }
    }
}
