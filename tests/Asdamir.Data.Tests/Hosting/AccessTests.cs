using System.Net;

namespace Asdamir.Data.Tests.Hosting;

public sealed class AccessTests
{
    public static TheoryData<string> Paths =>
        [
            "/frameworkapi/hangfire/statistics", "/frameworkapi/hangfire/jobs", "/frameworkapi/hangfire/recurring-jobs", "/hangfire",
            "/hangfire/servers"
        ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_IsRefused_OutsideDevelopmentWithoutAPolicy(string path)
    {
        await using var host = await WebHost.StartAsync("Production", _ => { });

        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync(path)).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_IsAllowedInDevelopment_ForThisMachineOnly(string path)
    {
        await using var host = await WebHost.StartAsync("Development", _ => { });

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync(path, ("X-Forwarded-For", "203.0.113.7"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync(path, ("Forwarded", "for=203.0.113.7"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync(path, ("Host", "rebound.example"))).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Get_FollowsThePolicy_WhenOneIsConfigured(string path)
    {
        // Development opens nothing once there is a policy.
        await using var host = await WebHost.StartAsync(
            "Development",
            _ => { },
            options => options.Access.Policy = "operator",
            HeaderAuthentication.Add);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync(path, ("X-Role", "guest"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, ("X-Role", "operator"))).StatusCode);
    }
}
