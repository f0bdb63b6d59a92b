using Asdamir.Data.HangfireJobs.Monitoring.Health;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.Server;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Asdamir.Data.Tests.Monitoring.Health;

public sealed class AliveCheckTests
{
    [Fact]
    public async Task Check_IsUnhealthy_OnlyWhenTheServerHasEnded()
    {
        var status = new ServerStatus();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(status)).Status);
        using var storage = new InMemoryStorage();
        using var server = new BackgroundProcessingServer(storage, [new Idle()]);
        status.StorageIsOpen();
        status.ServerRuns(server);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(status)).Status);

        server.SendStop();
        await server.WaitForShutdownAsync(TestContext.Current.CancellationToken);

        var ended = await CheckAsync(status);
        Assert.Equal((HealthStatus.Unhealthy, "The job server of this process has ended."), (ended.Status, ended.Description));
    }

    private static Task<HealthCheckResult> CheckAsync(ServerStatus status)
    {
        var check = new HangfireAliveCheck(status);
        var registration = new HealthCheckRegistration("alive", check, HealthStatus.Unhealthy, tags: null);
        return check.CheckHealthAsync(
            new HealthCheckContext { Registration = registration }, TestContext.Current.CancellationToken);
    }

    private sealed class Idle : IBackgroundProcess
    {
        public void Execute(BackgroundProcessContext context) => context.Wait(Timeout.InfiniteTimeSpan);
    }
}
