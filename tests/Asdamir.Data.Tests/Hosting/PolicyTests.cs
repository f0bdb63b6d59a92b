using System.Net;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Tests.Hosting;

/// <summary>An unknown policy ends the start, and the log says which setting refused a request.</summary>
public sealed class PolicyTests
{
    [Fact]
    public async Task Start_NamesEveryUnknownPolicy_WithItsKeyAndTheFix()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => WebHost.StartAsync("Production", _ => { }, options =>
        {
            options.Access.Policy = "jbos";
            options.Access.OperatorPolicy = "jbos-act";
        }));

        Assert.Contains("(2 faults):", error.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:Access:Policy = 'jbos' is not a policy of this app. Fix: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "HangfireJobs:Access:OperatorPolicy = 'jbos-act' is not a policy of this app. Fix: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DoesNotAskForThePolicy_WhereNeitherApiNorDashboardIsServed()
    {
        await using var worker = await JobHost.StartAsync(_ => { }, options => options.Access.Policy = "of-the-web-app");

        Assert.Contains("not served", Assert.Single(worker.Logs.With(1502)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/frameworkapi/hangfire/statistics")]
    [InlineData("/hangfire")]
    public async Task Refusal_IsInTheLogOnceWithTheSettingThatOpens(string path)
    {
        var logs = new LogCapture();
        await using var web = await WebHost.StartAsync(
            "Production", _ => { }, services: services => services.AddLogging(logging => logging.AddProvider(logs)));

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Forbidden, (await web.GetAsync(path)).StatusCode);

        var line = Assert.Single(logs.With(1605));
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains("set HangfireJobs:Access:Policy to an authorization policy", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_NamesThePolicyTheUserDoesNotMeet()
    {
        var logs = new LogCapture();
        await using var web = await WebHost.StartAsync("Production", _ => { }, options => options.Access.Policy = "operator", services =>
        {
            HeaderAuthentication.Add(services);
            services.AddLogging(logging => logging.AddProvider(logs));
        });

        Assert.Equal(HttpStatusCode.Forbidden, (await web.GetAsync("/hangfire", ("X-Role", "guest"))).StatusCode);

        Assert.Contains("HangfireJobs:Access:Policy = 'operator'", Assert.Single(logs.With(1605)).Message, StringComparison.Ordinal);
        Assert.Contains("policy 'operator'", Assert.Single(logs.With(1502)).Message, StringComparison.Ordinal);
    }
}
