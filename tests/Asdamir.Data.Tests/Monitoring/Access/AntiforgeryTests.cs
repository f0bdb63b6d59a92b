using System.Net;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Asdamir.Data.Tests.Monitoring.Access;

/// <summary>A page of another site must not be able to act in the name of its visitor.</summary>
public sealed class AntiforgeryTests() : MonitoringTests(StorageKind.InMemory)
{
    private static readonly (string, string) Ada = ("X-User", "ada");
    private static readonly (string, string) Operator = ("X-Role", "operator");

    [Fact]
    public async Task Action_NeedsTheToken_OfAUserWhomTheBrowserSignsIn()
    {
        var crm = await StartGuardedAsync();
        var jobId = Fail(crm);

        var why = (await ActAsync(crm, jobId, Operator, Ada)).Problem(HttpStatusCode.BadRequest);
        Assert.Contains($"{Api.Root}/antiforgery", why, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);

        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, jobId, await TokenAsync(crm, Operator, Ada), Operator, Ada)).Status);
        Assert.Equal(JobState.Enqueued, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Action_IsRefused_WithATokenOfAnotherUser_OrAForgedOne()
    {
        var crm = await StartGuardedAsync();
        var jobId = Fail(crm);
        var token = await TokenAsync(crm, Operator, ("X-User", "eve"));

        (await ActAsync(crm, jobId, token, Operator, Ada)).Problem(HttpStatusCode.BadRequest);
        (await ActAsync(crm, jobId, (token.Name, "forged"), Operator, Ada)).Problem(HttpStatusCode.BadRequest);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Action_IsRefused_WithATokenWithoutItsCookie()
    {
        var one = await StartGuardedAsync();
        var other = await StartGuardedAsync();
        var token = await TokenAsync(one, Operator, Ada);

        (await ActAsync(other, Fail(other), token, Operator, Ada)).Problem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Token_HasACookieForHttpsOnly_WhereTheAppIsServedOverHttps(string scheme, bool isSecure)
    {
        var crm = await StartAsync(
            configure: options => options.Access.Policy = "viewer", services: HeaderAuthentication.Add,
            use: static app =>
                app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto }));

        var answer = await crm.AskAsync("/antiforgery", Operator, ("X-Forwarded-Proto", scheme));

        Assert.Equal(isSecure, answer.Header("Set-Cookie")!.Contains("; secure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer operator")]
    [InlineData("bearer operator")]
    public async Task Action_NeedsNoToken_WithABearerToken(string authorization)
    {
        var crm = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, Fail(crm), ("Authorization", authorization))).Status);
    }

    [Fact]
    public async Task Action_NeedsTheToken_WithABearerTokenBesideACookie()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        (await ActAsync(crm, jobId, ("Authorization", "Bearer operator"), ("Cookie", "session=of-ada"))).Problem(HttpStatusCode.BadRequest);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);

        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, jobId, await TokenAsync(crm), ("Authorization", "Bearer operator"))).Status);
    }

    [Theory]
    [InlineData("Basic b3BlcmF0b3I6eA==")]
    [InlineData("Negotiate abc")]
    public async Task Action_NeedsTheToken_WithWhatBrowsersSendByThemselves(string authorization)
    {
        var crm = await StartAsync();

        (await ActAsync(crm, Fail(crm), ("Authorization", authorization))).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Action_NeedsTheToken_InDevelopmentToo()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);

        (await ActAsync(crm, jobId)).Problem(HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync(crm, jobId, await TokenAsync(crm))).Status);
    }

    private static async Task<(string Name, string Value)> TokenAsync(WebHost app, params (string, string)[] user)
    {
        var answer = await app.AskAsync("/antiforgery", user);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        return (answer.Json.Text("headerName")!, answer.Json.Text("token")!);
    }

    private static Task<Answer> ActAsync(WebHost app, string jobId, params (string, string)[] headers) =>
        app.SendAsync(HttpMethod.Post, $"/jobs/{jobId}/requeue", null, headers);

    private Task<WebHost> StartGuardedAsync() =>
        StartAsync(
            configure: options => (options.Access.Policy, options.Access.OperatorPolicy) = ("viewer", "operator"),
            services: HeaderAuthentication.Add);
}
