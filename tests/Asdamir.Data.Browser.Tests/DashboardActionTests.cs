using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests;

namespace Asdamir.Data.Browser.Tests;

/// <summary>Who may look is offered no action; who may act can.</summary>
public sealed class DashboardActionTests
{
    // What the dashboard's script listens to.
    private const string Actions = "[data-ajax], [data-url], .js-jobs-list-command, .js-jobs-list-checkbox";

    [Fact]
    public async Task Viewer_IsOfferedNoAction_OnAnyPage_AndOperatorIs()
    {
        var (app, jobIds) = await HostileApp.StartAsync();
        await using var disposed = app;
        var (viewer, operatorPage) = (await Browser.NewPageAsync("viewer"), await Browser.NewPageAsync("operator"));

        foreach (var path in new[]
        {
            "/jobs/failed", "/jobs/scheduled", "/jobs/enqueued/crm", "/jobs/succeeded", "/recurring", $"/jobs/details/{jobIds[3]}"
        })
        {
            await viewer.GotoAsync(new Uri(app.Client.BaseAddress!, $"/hangfire{path}").ToString());
            await operatorPage.GotoAsync(new Uri(app.Client.BaseAddress!, $"/hangfire{path}").ToString());
            Assert.Equal((path, 0), (path, await viewer.Locator(Actions).CountAsync()));
            Assert.NotEqual((path, 0), (path, await operatorPage.Locator(Actions).CountAsync()));
        }
    }

    [Fact]
    public async Task Operator_RequeuesAFailedJob_ByClicking()
    {
        var (app, jobIds) = await HostileApp.StartAsync();
        await using var disposed = app;
        var page = await Browser.NewPageAsync("operator");

        await page.GotoAsync(new Uri(app.Client.BaseAddress!, "/hangfire/jobs/failed").ToString());
        await page.Locator(".js-jobs-list-checkbox").First.CheckAsync();
        await page.Locator(".js-jobs-list-command").First.ClickAsync();

        await Until.TrueAsync(() => app.Jobs.Find(jobIds[3])!.State == JobState.Enqueued, "the failed job is enqueued");
    }

    [Fact]
    public async Task Operator_TriggersARecurringJobWithAHostileId_ByClicking()
    {
        var (app, _) = await HostileApp.StartAsync();
        await using var disposed = app;
        var page = await Browser.NewPageAsync("operator");
        var before = app.Storage.GetMonitoringApi().EnqueuedCount("crm");

        await page.GotoAsync(new Uri(app.Client.BaseAddress!, "/hangfire/recurring").ToString());
        await page.Locator(".js-jobs-list-checkbox").First.CheckAsync();
        await page.Locator(".js-jobs-list-command[data-url$='/recurring/trigger']").ClickAsync();

        await Until.TrueAsync(() => app.Storage.GetMonitoringApi().EnqueuedCount("crm") == before + 1, "a job is created");
    }
}
