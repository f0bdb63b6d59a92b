using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;

namespace Asdamir.Data.Tests.Dashboard;

/// <summary>The dashboard is read-only by role.</summary>
public sealed class DashboardRolesTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Pages_OfferActions_ToOperatorsOnly()
    {
        var crm = await StartGuardedAsync();
        Fail(crm);

        Assert.DoesNotContain("/jobs/failed/requeue", await PageAsync(crm, "viewer"), StringComparison.Ordinal);
        Assert.Contains("/jobs/failed/requeue", await PageAsync(crm, "operator"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actions_OfAViewer_AreRefused_WithAValidToken()
    {
        var crm = await StartGuardedAsync();
        var runId = Fail(crm);

        Assert.InRange((int)await PostAsync(crm, runId, "viewer"), 400, 499);
        Assert.Equal(RunState.Failed, crm.Jobs.Find(runId)!.State);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(crm, runId, "operator"));
        Assert.Equal(RunState.Deleted, crm.Jobs.Find(runId)!.State);
    }

    private static async Task<HttpStatusCode> PostAsync(WebHost app, string runId, string role)
    {
        var token = (await app.AskAsync("/antiforgery", ("X-Role", role))).Json;
        using var body = new FormUrlEncodedContent([new("jobs[]", runId)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/jobs/failed/delete") { Content = body };
        request.Headers.Add("X-Role", role);
        request.Headers.Add(token.Text("headerName")!, token.Text("token"));
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<string> PageAsync(WebHost app, string role) =>
        await (await app.GetAsync("/hangfire/jobs/failed", ("X-Role", role))).EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task<WebHost> StartGuardedAsync() =>
        StartAsync(configure: options => (options.Access.Policy, options.Access.OperatorPolicy) = ("viewer", "operator"), services: HeaderAuthentication.Add);
}
