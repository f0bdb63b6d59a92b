using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Tests.Hosting;

public sealed class HostBuilderTests
{
    public static TheoryData<Func<IHostApplicationBuilder>> Builders => new()
    {
        static () => Host.CreateApplicationBuilder(),
        static () => WebApplication.CreateBuilder(),
    };

    [Theory]
    [MemberData(nameof(Builders))]
    public void AddCoreHangfireJobs_ReadsTheConfigurationOfTheHost_ThenTheDelegate(Func<IHostApplicationBuilder> create)
    {
        var builder = create();
        builder.Configuration["HangfireJobs:AppQueue"] = "crm";
        builder.Configuration["HangfireJobs:WorkerCount"] = "3";

        builder.AddCoreHangfireJobs(static options =>
        {
            options.ScanEntryAssembly = false;
            options.WorkerCount = 4;
        });

        using var services = builder.Services.BuildServiceProvider();
        var options = services.GetRequiredService<HangfireJobsOptions>();
        Assert.Equal(("crm", 4), (options.AppQueue, options.WorkerCount));
    }

    [Theory]
    [MemberData(nameof(Builders))]
    public void AddCoreHangfireJobs_ReturnsTheSameBuilder_WhenCalledAgainInEitherForm(Func<IHostApplicationBuilder> create)
    {
        var builder = create();
        builder.Services.AddKeyedSingleton("key", new object());
        builder.Configuration["HangfireJobs:ScanEntryAssembly"] = "false";

        var first = builder.AddCoreHangfireJobs();
        var count = builder.Services.Count;

        Assert.Same(first, builder.Services.AddCoreHangfireJobs(builder.Configuration));
        Assert.Same(first, builder.AddCoreHangfireJobs());
        Assert.Equal(count, builder.Services.Count);
    }

    [Fact]
    public void AddCoreHangfireJobs_FindsTheJobTypesOfTheCaller_OnTheHostBuilder()
    {
        // The app's own assembly has no job types.
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = typeof(Host).Assembly.GetName().Name });
        builder.Configuration["HangfireJobs:Storage:Provider"] = "InMemory";

        builder.AddCoreHangfireJobs();

        Assert.Contains(builder.Services, static service => service.ServiceType == typeof(MarkedJob));
    }

    internal sealed class MarkedJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
