using System.Collections.Concurrent;
using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Asdamir.Data.Tests.Monitoring;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>An app that already has Hangfire's own AddHangfire and AddHangfireServer, before or after ours.</summary>
public sealed class BesideHangfireTests
{
    public static TheoryData<bool> Orders => [true, false];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Start_EndsWithTheFix_WhenAddHangfireHasAStorage(bool hangfireFirst)
    {
        await using var app = Build(hangfireFirst, static (_, hangfire) => hangfire.UseStorage(new InMemoryStorage()));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AddHangfire(…) sets the storage InMemoryStorage", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseStorage(", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Start_EndsWithTheFix_WhenTheAppRegistersAStorage(bool storageFirst)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration["Urls"] = LocalPort.AnyUrl;
        builder.Logging.ClearProviders();
        if (storageFirst)
            builder.Services.AddSingleton<JobStorage>(static _ => new InMemoryStorage());
        builder.Services.AddCoreHangfireJobs(static options =>
        {
            options.ScanEntryAssembly = false;
            options.Storage.Provider = "InMemory";
        });
        if (!storageFirst)
            builder.Services.AddSingleton<JobStorage>(static _ => new InMemoryStorage());
        await using var app = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("own JobStorage (InMemoryStorage)", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Fix: remove the registration and hand the storage in with AddCoreHangfireJobs(…).UseStorage(", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IgnoresTheStorageThatAnotherHostOfTheProcessHasSetMeanwhile()
    {
        await using var other = Build(hangfireFirst: true, static (_, _) => { });
        var storageOfOther = other.Services.GetRequiredService<JobStorage>();
        await using var app = Build(hangfireFirst: true, (services, hangfire) =>
        {
            hangfire.UseStorage(services.GetRequiredService<JobStorage>());
            JobStorage.Current = storageOfOther;
        });

        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.NotSame(storageOfOther, app.Services.GetRequiredService<JobStorage>());
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Endpoints_GetHangfiresClient_AndPlainJobsRunOnItsServer_WhenAddHangfireHasNoStorage(bool hangfireFirst)
    {
        await using var app = Build(hangfireFirst, static (_, _) => { }, appQueue: "crm");

        await RunPlainAndOwnJobAsync(app);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task BothUseOneStorage_WhenAddHangfireTakesItFromTheContainer(bool hangfireFirst)
    {
        await using var app = Build(
            hangfireFirst, static (services, hangfire) => hangfire.UseStorage(services.GetRequiredService<JobStorage>()));

        await RunPlainAndOwnJobAsync(app);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task BothUseTheStorageThatIsHandedIn_AndAreIsolated(bool hangfireFirst)
    {
        using var folder = new TemporaryFolder();
        await using var app = Build(
            hangfireFirst, static (_, _) => { }, appQueue: "crm", use: jobs => jobs.UseStorage(_ => folder.NewStorage()));

        Assert.IsType<SqliteJobStorage>(app.Services.GetRequiredService<JobStorage>());
        await RunPlainAndOwnJobAsync(app);
    }

    private static async Task RunPlainAndOwnJobAsync(WebApplication app)
    {
        var key = Guid.NewGuid().ToString();
        app.MapGet("/own", static (IHangfireJobService jobs) => jobs.Enqueue<IdleJob>());
        app.MapGet("/plain", (IBackgroundJobClient client, IRecurringJobManager recurring) =>
        {
            recurring.AddOrUpdate("plain", () => Plain.Note(key), Cron.Yearly);
            return client.Enqueue(() => Plain.Note(key));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var own = await browser.GetAsync("/own", TestContext.Current.CancellationToken);
        using var plain = await browser.GetAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own.StatusCode, plain.StatusCode));
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        var jobId = await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => jobs.Find(jobId)?.State == JobState.Succeeded, "our job has succeeded");
        await Until.TrueAsync(() => Plain.Notes.Contains(key), "the plain job was executed");
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static WebApplication Build(
        bool hangfireFirst, Action<IServiceProvider, IGlobalConfiguration> configure, string appQueue = "",
        Action<IHangfireJobsBuilder>? use = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration["Urls"] = LocalPort.AnyUrl;
        builder.Logging.ClearProviders();
        if (hangfireFirst)
            AddHangfire();
        var jobs = builder.Services.AddCoreHangfireJobs(options =>
        {
            options.ScanEntryAssembly = false;
            options.AppQueue = appQueue;
            options.Storage.Provider = "InMemory";
        });
        jobs.AddJob<IdleJob>().AllowPlainJobs(typeof(Plain));
        use?.Invoke(jobs);
        if (!hangfireFirst)
            AddHangfire();
        return builder.Build();

        void AddHangfire() => builder.Services.AddHangfire(configure).AddHangfireServer();
    }

    public static class Plain
    {
        internal static ConcurrentBag<string> Notes { get; } = [];

        public static void Note(string key) => Notes.Add(key);
    }
}
