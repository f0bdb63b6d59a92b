using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Seed;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Hosting;

public sealed class SeveralHostsTests
{
    [Fact]
    public async Task TwoHostsInOneProcess_RunTheirOwnJobs_InTheirOwnContainers()
    {
        await using var one = await StartAsync("one");
        await using var two = await StartAsync("two");

        var inTwo = two.Jobs.Enqueue<GreetingJob>();
        var inOne = one.Jobs.Enqueue<GreetingJob>();
        await one.WaitForAsync(inOne, JobState.Succeeded);
        await two.WaitForAsync(inTwo, JobState.Succeeded);

        Assert.Equal(["one"], one.Probe.Notes);
        Assert.Equal(["two"], two.Probe.Notes);
    }

    [Fact]
    public async Task ASecondHost_RunsAndLogs_WhenTheFirstWasDisposed()
    {
        await using (var first = await StartAsync("first"))
            await first.WaitForAsync(first.Jobs.Enqueue<FailingJob>(), JobState.Failed);

        await using var second = await StartAsync("second");
        await second.WaitForAsync(second.Jobs.Enqueue<FailingJob>(), JobState.Failed);
        second.Services.GetRequiredService<IBackgroundJobClient>().Enqueue(() => Plain.Run());
        await second.WaitForAsync(second.Jobs.Enqueue<GreetingJob>(), JobState.Succeeded);

        Assert.Equal(["second"], second.Probe.Notes);
        Assert.DoesNotContain(
            second.Logs.Entries, entry => entry.Message.Contains(nameof(ObjectDisposedException), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHostWithoutAServer_HasNoServerRowAndExecutesNothing_OnASharedStorage()
    {
        var storage = new SharedStorage();
        await using var console = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<GreetingJob>().UseStorage(_ => storage), services: services => services.AddSingleton("console"));

        var jobId = console.Jobs.Enqueue<GreetingJob>();
        Assert.Empty(storage.GetMonitoringApi().Servers());
        await using var worker = await JobHost.StartAsync(
            jobs => jobs.AddJob<GreetingJob>().UseStorage(_ => storage), services: services => services.AddSingleton("worker"));
        await worker.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Single(storage.GetMonitoringApi().Servers());
        Assert.Empty(console.Probe.Notes);
        Assert.Equal(["worker"], worker.Probe.Notes);
    }

    [Fact]
    public async Task AServer_ListensOnItsAppQueueOnly_AndSignsOffWhenStopped()
    {
        var storage = new SharedStorage();
        var host = await JobHost.StartAsync(jobs => jobs.UseStorage(_ => storage), options => options.AppQueue = "crm");
        await Until.TrueAsync(() => storage.GetMonitoringApi().Servers().Count == 1, "the server signs on");

        Assert.Equal(["crm"], storage.GetMonitoringApi().Servers()[0].Queues);

        await host.DisposeAsync();
        Assert.Empty(storage.GetMonitoringApi().Servers());
    }

    [Fact]
    public void AddCoreHangfireJobs_ReturnsTheSameBuilder_WhenCalledTwice()
    {
        var services = new ServiceCollection();

        var first = services.AddCoreHangfireJobs(options => options.ScanEntryAssembly = false);
        var count = services.Count;
        var second = services.AddCoreHangfireJobs(new ConfigurationBuilder().Build());

        Assert.Same(first, second);
        Assert.Equal(count, services.Count);
        Assert.Same(services, first.Services);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("false", false)]
    public void AddCoreHangfireJobs_RegistersTheJobsOfTheEntryAssembly_UnlessToldNotTo(string? scan, bool registered)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HangfireJobs:ScanEntryAssembly"] = scan }).Build();

        var services = new ServiceCollection().AddCoreHangfireJobs(configuration).Services;

        Assert.Equal(registered, services.Any(service => service.ServiceType == typeof(NightlyReconcileJob)));
    }

    [Fact]
    public void AddJob_Throws_WhenTheClassIsNoJob()
    {
        var builder = new ServiceCollection().AddCoreHangfireJobs(options => options.ScanEntryAssembly = false);

        Assert.Throws<ArgumentException>(builder.AddJob<SeveralHostsTests>);
    }

    [Fact]
    public async Task UseCoreHangfire_SaysWhatIsMissing_WithoutTheServices()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains(
            "AddCoreHangfireJobs", Assert.Throws<InvalidOperationException>(app.UseCoreHangfireApi).Message, StringComparison.Ordinal);
        Assert.Contains(
            "AddCoreHangfireJobs", Assert.Throws<InvalidOperationException>(app.UseCoreHangfireDashboard).Message,
            StringComparison.Ordinal);
    }

    private static Task<JobHost> StartAsync(string greeting) => JobHost.StartAsync(
        jobs => jobs.AddJob<GreetingJob>().AddJob<FailingJob>().AllowPlainJobs(typeof(Plain)),
        options => options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero },
        services => services.AddSingleton(greeting));

    public static class Plain
    {
        public static void Run()
        {
        }
    }

    private sealed class GreetingJob(Probe probe, string greeting) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(greeting);
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class FailingJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Failure("failed"));
    }
}
