using Apps.Shop;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Testing.Tests;

public sealed class HostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_ShareNothing()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(static _ => TestHost.StartAsync()));

        await Task.WhenAll(hosts.Select(async (host, number) =>
        {
            await host.Jobs.EnqueueAsync<SendInvoiceJob, SendInvoice>(new(number), ct: Token);
            (await host.AdvanceAsync(TimeSpan.FromHours(number), Token)).EnsureSucceeded();
        }));

        Assert.All(hosts, static (host, number) =>
        {
            host.Enqueued<SendInvoiceJob>(a => a.InvoiceId == number);
            Assert.Equal([number], host.Services.GetRequiredService<FakeMail>().Sent);
            Assert.Equal(TestHost.Start.AddHours(number), host.Clock.GetUtcNow());
        });
        await Task.WhenAll(hosts.Select(static host => host.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Storage_IsRemovedWithTheHost()
    {
        var host = await TestHost.StartAsync();
        var file = $"{host.Services.GetRequiredService<JobStorage>()}".Replace("SQLite file ", "", StringComparison.Ordinal);
        Assert.True(File.Exists(file), file);

        await host.DisposeAsync();

        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    [Fact]
    public async Task Start_WithoutBackgroundJobs_SaysWhatIsMissing()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => JobHost.StartAsync(static _ => { }, cancellationToken: Token));

        Assert.Contains("call AddCoreHangfireJobs(…)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithInvalidOptions_NamesThem()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => JobHost.StartAsync(
            static app => app.AddCoreHangfireJobs(static jobs => jobs.AppQueue = "No Queue").AddJob<CloseJob>(), cancellationToken: Token));

        Assert.Contains("HangfireJobs:AppQueue", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_OfAWebApplicationFactory_HasAHost()
    {
        await using var app = new WebApplicationFactory<MailJob>()
            .WithWebHostBuilder(static web => web.ConfigureTestServices(static services => services.AddJobHost()));
        using var client = app.CreateClient();
        var host = app.Services.GetRequiredService<JobHost>();

        using var answer = await client.PostAsync("/mails", content: null, Token);

        answer.EnsureSuccessStatusCode();
        Assert.Equal(JobState.Enqueued, host.Enqueued<MailJob>().State);
        Assert.Equal("MailJob", Assert.Single((await host.DrainAsync(Token)).EnsureSucceeded()).JobName);
        Assert.Equal("@yearly", host.Recurring<MailJob>("yearly-mail").Cron);
    }
}
