using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>Hangfire has one log for the process, which belongs to the host that started last, so no other host may run meanwhile.</summary>
[CollectionDefinition(nameof(OutageLogTests), DisableParallelization = true)]
[Collection(nameof(OutageLogTests))]
public sealed class OutageLogTests
{
    [Fact]
    public async Task Outage_IsSaidOnce_AndThenForHowLong()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        var log = new ExceptionCapture();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<IdleJob>(),
            options => (options.Storage.Provider, options.Storage.ConnectionString, options.WorkerCount) = ("PostgreSql", server.ConnectionString, 20),
            services => services.AddLogging(logging => logging.AddProvider(log)));
        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), RunState.Succeeded);
        var before = log.Lines.Count;

        await server.StopImmediatelyAsync();
        await Until.TrueAsync(() => log.Lines.Any(static line => line.EventId == 1504), "the outage is reported");
        // Workers, schedulers and heartbeats have all noticed it by then.
        await Until.TrueAsync(() => host.Logs.Entries.Count(static entry => entry.Message.Contains("is in the Faulted state", StringComparison.Ordinal)) >= 3, "Hangfire's components notice it");
        await server.StartAgainAsync();
        await Until.TrueAsync(() => log.Lines.Any(static line => line.EventId == 1505), "its end is reported");
        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), RunState.Succeeded);

        var lines = log.Lines.Skip(before).ToList();
        Assert.Single(lines, static line => line.EventId == 1504);
        Assert.Single(lines, static line => line.EventId == 1505);
        // Leases that ended meanwhile have a message, too.
        Assert.True(lines.Count <= 10, string.Join(Environment.NewLine, lines));
    }
}
