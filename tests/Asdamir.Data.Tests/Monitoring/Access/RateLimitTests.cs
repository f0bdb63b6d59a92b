using System.Globalization;
using System.Net;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;

namespace Asdamir.Data.Tests.Monitoring.Access;

public sealed class RateLimitTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Requests_AreRefusedWithATimeToRetry_BeyondTheLimit()
    {
        var crm = await StartAsync(configure: options => options.Access.RequestsPerMinute = 5);

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/statistics")).Status);
        // On a machine that has taken a minute for these, the next one is permitted.
        var refused = await crm.AskAsync("/jobs");
        await Until.TrueAsync(
            async () => refused.Status == HttpStatusCode.TooManyRequests
                || (refused = await crm.AskAsync("/jobs")).Status != HttpStatusCode.OK,
            "a request is refused");

        refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
    }

    [Fact]
    public async Task Actions_HaveALimitOfTheirOwn()
    {
        var crm = await StartAsync(configure: options => options.Access.ActionsPerMinute = 2);
        var jobs = new[] { Fail(crm), Fail(crm), Fail(crm) };

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{jobs[0]}/delete")).Status);
        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{jobs[1]}/delete")).Status);
        var refused = await crm.PostAsync($"/jobs/{jobs[2]}/delete");

        refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobs[2])!.State);
        Assert.Equal(HttpStatusCode.OK, (await crm.AskAsync("/jobs")).Status);
    }

    [Fact]
    public async Task Limits_AreThoseOfEachUser()
    {
        var crm = await StartAsync(
            configure: options => (options.Access.Policy, options.Access.RequestsPerMinute) = ("viewer", 1),
            services: HeaderAuthentication.Add);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("ada")).Status);
        (await AskAsync("ada")).Problem(HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("bob")).Status);

        Task<Answer> AskAsync(string user) => crm.AskAsync("/statistics", ("X-Role", "viewer"), ("X-User", user));
    }

    [Fact]
    public async Task RefusedRequests_CountToo()
    {
        var crm = await StartAsync(
            configure: options => (options.Access.Policy, options.Access.RequestsPerMinute) = ("viewer", 1),
            services: HeaderAuthentication.Add);

        (await crm.AskAsync("/statistics")).Problem(HttpStatusCode.Unauthorized);
        (await crm.AskAsync("/statistics")).Problem(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Limits_AreThoseOfANetwork_WhoseAddressesOneClientMayHaveAll()
    {
        var crm = await StartAsync(
            configure: options => (options.Access.Policy, options.Access.RequestsPerMinute) = ("viewer", 1),
            services: HeaderAuthentication.Add,
            use: static app => app.Use(static (http, next) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse(http.Request.Headers["X-Test-Address"].ToString());
                return next(http);
            }));

        (await AskAsync("2001:db8:1:2::1")).Problem(HttpStatusCode.Unauthorized);
        (await AskAsync("2001:db8:1:2:ffff:ffff:ffff:ffff")).Problem(HttpStatusCode.TooManyRequests);
        (await AskAsync("2001:db8:1:3::1")).Problem(HttpStatusCode.Unauthorized);
        (await AskAsync("192.0.2.1")).Problem(HttpStatusCode.Unauthorized);
        (await AskAsync("192.0.2.2")).Problem(HttpStatusCode.Unauthorized);
        (await AskAsync("::ffff:192.0.2.1")).Problem(HttpStatusCode.TooManyRequests);

        Task<Answer> AskAsync(string address) => crm.AskAsync("/statistics", ("X-Test-Address", address));
    }
}
