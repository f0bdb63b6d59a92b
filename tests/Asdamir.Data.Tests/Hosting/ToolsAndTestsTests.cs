using System.Net;
using System.Reflection;
using Apps.Shop;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>An app as users write it, started by the test framework of ASP.NET Core and by the tool that describes its routes.</summary>
public sealed class ToolsAndTestsTests
{
    [Fact]
    public async Task Factory_FindsTheJobsOfTheApp_AlthoughTheTestIsTheEntryAssembly()
    {
        using var folder = new TemporaryFolder();
        var logs = new LogCapture();
        await using var shop = new WebApplicationFactory<MailJob>().WithWebHostBuilder(web => web
            .UseSetting("HangfireJobs:Storage:ConnectionString", $"Data Source={Path.Combine(folder.Path, "jobs.db")}")
            .ConfigureLogging(logging => logging.ClearProviders().AddProvider(logs)));
        using var browser = shop.CreateClient();

        using var answer = await browser.PostAsync("/mails", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var jobId = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var jobs = shop.Services.GetRequiredService<IHangfireJobService>();
        await Until.TrueAsync(() => jobs.Find(jobId)?.State == JobState.Succeeded, "the mail was sent");
        Assert.NotNull(jobs.TriggerRecurring("yearly-mail"));
        Assert.Empty(logs.With(1503));
    }

    [Fact]
    public void Build_DescribesTheRoutes_AndOpensNoStorage()
    {
        var folder = typeof(ToolsAndTestsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(static data => data.Key == "DescribedApp").Value!;

        Assert.Contains("/mails", File.ReadAllText(Path.Combine(folder, "obj", "Apps.Described.json")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "*.db*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Build_OfTheHost_CreatesNoStorage_UntilItStarts()
    {
        var created = 0;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Urls"] = LocalPort.AnyUrl;
        builder.Services.AddCoreHangfireJobs(options => options.ScanEntryAssembly = false).UseStorage(_ =>
        {
            created++;
            return new SharedStorage();
        });

        await using var app = builder.Build();
        app.UseCoreHangfireApi();
        app.UseCoreHangfireDashboard();
        app.MapPost("/mails", static (IHangfireJobService jobs) => jobs.Delete("1"));
        Assert.Equal(0, created);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, created);
    }

    [Fact]
    public async Task Jobs_AreThoseOfTheCaller_WhenTheHostIsNamedAfterAnAssemblyWithout()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Hangfire.Core" });
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HangfireJobs:Storage:Provider"] = "InMemory" }).Build();
        HangfireJobsServiceCollectionExtensions.Add(builder.Services, settings, static _ => { }, caller: typeof(MailJob).Assembly);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(host.Services.GetRequiredService<IHangfireJobService>().Enqueue<MailJob>());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_NamesTheSearchedAssemblies_WhenNoneHasAJob()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Hangfire.Core" });
        var logs = new LogCapture();
        builder.Logging.ClearProviders().AddProvider(logs);
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["HangfireJobs:Storage:Provider"] = "InMemory" }).Build();
        HangfireJobsServiceCollectionExtensions.Add(
            builder.Services, settings, static _ => { }, caller: typeof(Cronos.CronExpression).Assembly);
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        var warning = Assert.Single(logs.With(1503)).Message;
        Assert.StartsWith("No job class was found in Hangfire.Core, Cronos. ", warning, StringComparison.Ordinal);
        Assert.Contains("Fix: ", warning, StringComparison.Ordinal);
    }
}
