using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Execution;
using Asdamir.Data.Tests.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>What a new user sees of a running app.</summary>
public sealed class FirstLookTests
{
    [Fact]
    public async Task Start_IsOneLine_WithStorageQueueWorkersJobsAndAccess()
    {
        using var folder = new TemporaryFolder();
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<IdleJob>().AddJob<OtherJob>(),
            options =>
                (options.AppQueue, options.Storage.Provider, options.Storage.ConnectionString) = ("crm", "Sqlite",
                    $"Data Source={Path.Combine(folder.Path, "jobs.db")};Password="));

        var line = Assert.Single(host.Logs.With(1502)).Message;

        Assert.Contains($"{Path.Combine(folder.Path, "jobs.db")}", line, StringComparison.Ordinal);
        Assert.Contains("Queue: crm. Workers: 4. Jobs: 2. API and dashboard: not served", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_HasNoKeysForCookies_AndLogsNothingOfThem()
    {
        await using var worker = await JobHost.StartAsync(static _ => { });

        Assert.Null(worker.Services.GetService<IDataProtectionProvider>());
        Assert.DoesNotContain(worker.Logs.Entries, static entry =>
            entry.Category.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal));
    }

    [Fact]
    public void Worker_IsBuilt_WhenTheContainerIsValidated()
    {
        // In Development, each service must be complete.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Services.AddCoreHangfireJobs(static options => (options.ScanEntryAssembly, options.Storage.Provider) = (false, "InMemory"))
            .AddFilter<SlowJobWarning>();
        builder.Services.AddHealthChecks().AddHangfireJobs();

        using var worker = builder.Build();

        Assert.NotNull(worker.Services.GetRequiredService<IHangfireJobService>());
    }

    [Fact]
    public async Task Dashboard_IsEnglish_WhereTheServerHasNoCulture()
    {
        await using var web = await WebHost.StartAsync("Development", _ => { }, use: app => app.Use(static (http, next) =>
        {
            CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            return next(http);
        }));

        var page = await web.Client.GetStringAsync("/hangfire", TestContext.Current.CancellationToken);

        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
    }
}
