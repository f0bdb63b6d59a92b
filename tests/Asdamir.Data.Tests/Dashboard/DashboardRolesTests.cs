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
        var jobId = Fail(crm);

        Assert.InRange((int)await PostAsync(crm, jobId, "viewer"), 400, 499);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(crm, jobId, "operator"));
        Assert.Equal(JobState.Deleted, crm.Jobs.Find(jobId)!.State);
    }

    private static async Task<HttpStatusCode> PostAsync(WebHost app, string jobId, string role)
    {
        var token = (await app.AskAsync("/antiforgery", ("X-Role", role))).Json;
        using var body = new FormUrlEncodedContent([new("jobs[]", jobId)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/jobs/failed/delete") { Content = body };
        request.Headers.Add("X-Role", role);
        request.Headers.Add(token.Text("headerName")!, token.Text("token"));
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<string> PageAsync(WebHost app, string role) =>
        await (await app.GetAsync("/hangfire/jobs/failed", ("X-Role", role))).EnsureSuccessStatusCode()
            .Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task<WebHost> StartGuardedAsync() =>
        StartAsync(
            configure: options => (options.Access.Policy, options.Access.OperatorPolicy) = ("viewer", "operator"),
            services: HeaderAuthentication.Add);
}
