using System.Net;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Dashboard;

public sealed class DashboardListsTests
{
    private const string Markup = "<script>alert(1)</script>";

    [Theory]
    [InlineData("/jobs/enqueued/crm")]
    [InlineData("/jobs/scheduled")]
    [InlineData("/recurring")]
    [InlineData("/")]
    public async Task Pages_ShowTheReadableNameAndEncodeIt_WhateverTheJobIsCalled(string page)
    {
        await using var web = await StartAsync();
        web.Jobs.Enqueue<HostileJob, string>(Markup);
        web.Jobs.Schedule<HostileJob, string>(Markup, TimeSpan.FromHours(1));
        web.Jobs.AddOrUpdateRecurring<HostileJob, string>(Markup, "@daily", new RecurringOptions { Id = Markup });

        var response = await web.GetAsync("/hangfire" + page);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(Markup, html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("JobEnvelope", html, StringComparison.Ordinal);
        if (page != "/")
            Assert.Contains($"mail {Markup} · crm", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_AnswerNotFound_WhenThereIsNoSuchPage()
    {
        await using var web = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await web.GetAsync("/hangfire/no/such/page")).StatusCode);
    }

    private static Task<WebHost> StartAsync() => WebHost.StartAsync(
        "Development", jobs => jobs.AddJob<HostileJob>(), options => (options.AppQueue, options.RunServer) = ("crm", false));

    [JobName("mail " + Markup)]
    private sealed class HostileJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
