using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.Tests.Hosting.Mapping;

/// <summary>Mappings that cannot work fail where they are written, with the fix.</summary>
public sealed class RefusedMappingTests
{
    [Theory]
    [InlineData("", "is the root of the app")]
    [InlineData("/", "is the root of the app")]
    [InlineData("/{company}/jobs", "has the parameter 'company'")]
    [InlineData("/jobs/{**rest}", "has the parameter 'rest'")]
    [InlineData("/jobs//api", "is not a route pattern: ")]
    [InlineData("/jobs/{", "is not a route pattern: ")]
    public async Task Map_RefusesThePattern_AndNamesTheFix(string pattern, string fault)
    {
        await using var app = Build(jobs: true);

        foreach (var map in new Func<IEndpointRouteBuilder, string, IEndpointConventionBuilder>[]
        {
            static (endpoints, pattern) => endpoints.MapHangfireJobsApi(pattern),
            static (endpoints, pattern) => endpoints.MapHangfireJobsDashboard(pattern),
        })
        {
            var error = Assert.Throws<ArgumentException>(() => map(app, pattern));
            Assert.Equal("pattern", error.ParamName);
            Assert.Contains($"'{pattern}' {fault}", error.Message, StringComparison.Ordinal);
            Assert.Contains("Fix: give a path without parameters", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Map_RefusesTheSamePatternTwice()
    {
        await using var app = Build(jobs: true);
        app.UseCoreHangfireApi();
        app.UseCoreHangfireDashboard();

        var api = Assert.Throws<InvalidOperationException>(() => app.MapHangfireJobsApi("/FrameworkApi/hangfire/"));
        var dashboard = Assert.Throws<InvalidOperationException>(() => app.UseCoreHangfireDashboard());
        var both = Assert.Throws<InvalidOperationException>(() => app.MapHangfireJobsApi("/hangfire"));

        Assert.Contains(
            "'/FrameworkApi/hangfire' is mapped already, so MapHangfireJobsApi cannot map it. Fix: ", api.Message,
            StringComparison.Ordinal);
        Assert.Contains("'/hangfire' is mapped already, so MapHangfireJobsDashboard cannot", dashboard.Message, StringComparison.Ordinal);
        Assert.Contains("'/hangfire' is mapped already, so MapHangfireJobsApi cannot", both.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_NamesTheCallThatIsMissing()
    {
        await using var app = Build(jobs: false);

        var error = Assert.Throws<InvalidOperationException>(() => app.MapHangfireJobsApi());

        Assert.Contains("Fix: call builder.Services.AddCoreHangfireJobs(builder.Configuration)", error.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(bool jobs)
    {
        var builder = WebApplication.CreateBuilder();
        if (jobs)
            builder.Services.AddCoreHangfireJobs(static options => options.ScanEntryAssembly = false);
        return builder.Build();
    }
}
