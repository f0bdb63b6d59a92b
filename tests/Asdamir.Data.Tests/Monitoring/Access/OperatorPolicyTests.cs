using System.Net;
using System.Net.Http.Json;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Access;

/// <summary>Who may look is not yet who may act.</summary>
public sealed class OperatorPolicyTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Viewer_MayLookButNotAct_AndOperatorMayDoBoth()
    {
        var crm = await StartGuardedAsync();
        var jobId = Fail(crm);

        foreach (var path in new[]
        {
            "/jobs", $"/jobs/{jobId}", $"/jobs/{jobId}/log", "/statistics", "/queues", "/servers", "/history", "/failures",
            "/recurring-jobs", "/openapi.json"
        })
        {
            Assert.Equal((HttpStatusCode.OK, path), ((await crm.AskAsync(path, ("X-Role", "viewer"))).Status, path));
        }
        foreach (var path in new[] { $"/jobs/{jobId}/requeue", $"/jobs/{jobId}/delete", "/jobs/delete", "/recurring-jobs/x/trigger" })
            Assert.Contains("not act", (await ActAsync(crm, path, "viewer")).Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);

        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, $"/jobs/{jobId}/requeue", "operator")).Status);
        Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/antiforgery", ("X-Role", "viewer"))).Status);
    }

    [Fact]
    public async Task EveryRequest_IsRefused_WhenThePolicyDoesNotAdmitTheUser()
    {
        var crm = await StartGuardedAsync();

        foreach (var path in new[] { "/jobs", "/statistics", "/openapi.json", "/antiforgery", "/operations/1", "/nonsense" })
        {
            (await crm.AskAsync(path)).Problem(HttpStatusCode.Unauthorized);
            (await crm.AskAsync(path, ("X-Role", "guest"))).Problem(HttpStatusCode.Forbidden);
        }
        (await ActAsync(crm, "/jobs/1/delete", "guest")).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task NoOne_MayAct_WhenReadOnly()
    {
        var crm = await StartGuardedAsync(options => options.Access.ReadOnly = true);
        var jobId = Fail(crm);

        foreach (var path in new[] { $"/jobs/{jobId}/requeue", $"/jobs/{jobId}/delete", "/jobs/delete" })
        {
            Assert.Contains(
                "read-only", (await ActAsync(crm, path, "operator")).Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }

        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
        Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/jobs", ("X-Role", "operator"))).Status);
    }

    [Fact]
    public async Task Viewer_MayAct_WithoutAnOperatorPolicy()
    {
        var crm = await StartGuardedAsync(options => options.Access.OperatorPolicy = "");

        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, $"/jobs/{Fail(crm)}/requeue", "viewer")).Status);
    }

    [Fact]
    public async Task APolicyThatDoesNotExist_LetsNoOneIn()
    {
        var crm = await StartGuardedAsync();
        // A provider of policies may forget one while the app jobs; at the start it is an error.
        crm.Services.GetRequiredService<HangfireJobsOptions>().Access.Policy = "misspelt";

        Assert.Equal(HttpStatusCode.Forbidden, (await crm.AskAsync("/jobs", ("X-Role", "operator"))).Status);
    }

    private static Task<Answer> ActAsync(WebHost app, string path, string role) =>
        app.SendAsync(
            HttpMethod.Post, path,
            JsonContent.Create(
                path.EndsWith("/jobs/delete", StringComparison.Ordinal) ? new { filter = new { state = "Failed" } } : new object()),
            ("Authorization", $"Bearer {role}"));

    private Task<WebHost> StartGuardedAsync(Action<HangfireJobsOptions>? configure = null) => StartAsync(
        configure: options =>
        {
            options.Access.Policy = "viewer";
            options.Access.OperatorPolicy = "operator";
            configure?.Invoke(options);
        },
        services: HeaderAuthentication.Add);
}
