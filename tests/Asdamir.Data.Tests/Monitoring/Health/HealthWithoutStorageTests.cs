using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.Tests.Monitoring.Health;

/// <summary>The storage answers when the app starts, and then no longer.</summary>
public sealed class HealthWithoutStorageTests
{
    [Theory]
    [InlineData(null, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    public async Task Check_ReportsTheStatusOfAFailure_AndSaysWhatIsWrong(HealthStatus? failureStatus, HealthStatus expected)
    {
        var storage = new FailingStorage();
        await using var web = await StartAsync(storage, failureStatus);
        var checks = web.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        storage.IsDown = true;
        var entry = (await checks.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["jobs"];

        Assert.Equal((expected, "The job storage does not answer."), (entry.Status, entry.Description));
        Assert.Equal("connection refused", entry.Exception?.Message);
        Assert.Equal(["ready"], entry.Tags);
        storage.IsDown = false;
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task Routes_AnswerAProblem_AndTellNothingOfTheStorage()
    {
        var storage = new FailingStorage();
        await using var web = await StartAsync(storage, null);
        storage.IsDown = true;

        foreach (var path in new[]
        {
            "/statistics", "/jobs", "/jobs/1", "/jobs/1/log", "/recurring-jobs", "/queues", "/servers", "/history", "/failures"
        })
        {
            var answer = await web.AskAsync(path);
            Assert.Contains("did not answer", answer.Problem(System.Net.HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
            Assert.DoesNotContain("refused", answer.Body, StringComparison.Ordinal);
        }
    }

    private static Task<WebHost> StartAsync(FailingStorage storage, HealthStatus? failureStatus) => WebHost.StartAsync(
        "Development", jobs => jobs.UseStorage(_ => storage), options => options.RunServer = false,
        services => services.AddHealthChecks().AddHangfireJobs("jobs", failureStatus, ["ready"]));
}
