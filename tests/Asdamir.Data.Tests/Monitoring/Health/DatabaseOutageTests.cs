using System.Net;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.Tests.Monitoring.Health;

/// <summary>A real database goes away and comes back.</summary>
[NeedsPostgreSql]
public sealed class DatabaseOutageTests
{
    [Fact]
    public async Task HealthAndApi_TellOfTheOutage_AndRecover()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var crm = await WebHost.StartAsync(
            "Development", jobs => jobs.AddJob<IdleJob>(),
            options =>
            {
                (options.Storage.Provider, options.Storage.ConnectionString) = ("PostgreSql", server.ConnectionString);
                options.RunServer = false;
            },
            services => services.AddHealthChecks().AddHangfireJobs());
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(crm));

        await server.StopImmediatelyAsync();

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync(crm));
        foreach (var path in new[] { "/statistics", "/jobs", "/jobs/1", "/recurring-jobs", "/queues", "/servers", "/history", "/failures" })
        {
            Assert.DoesNotContain(
                "127.0.0.1", (await crm.AskAsync(path)).Problem(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        }

        await server.StartAgainAsync();
        await Until.TrueAsync(async () => await StatusAsync(crm) == HealthStatus.Healthy, "the app is healthy again");
        Assert.Empty((await crm.ReadAsync("/jobs")).Ids());
    }

    private static async Task<HealthStatus> StatusAsync(WebHost app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken))
            .Entries["hangfire-jobs"].Status;
}
