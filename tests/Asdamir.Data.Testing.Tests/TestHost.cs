using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Testing.Tests;

/// <summary>Hosts with the sample jobs and their services.</summary>
internal static class TestHost
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    public static Task<JobHost> StartAsync(Action<IHostApplicationBuilder>? configure = null, JobHostOptions? options = null) =>
        JobHost.StartAsync(
            app =>
            {
                app.AddCoreHangfireJobs(jobs => jobs.Retry.Jitter = 0).AddJobsFromAssembly(typeof(TestHost).Assembly);
                app.Services.AddSingleton<FakeMail>();
                app.Services.AddSingleton<IMail>(static services => services.GetRequiredService<FakeMail>());
                app.Services.AddSingleton<Ran>();
                configure?.Invoke(app);
            },
            options ?? new JobHostOptions { StartAt = Start },
            TestContext.Current.CancellationToken);
}
