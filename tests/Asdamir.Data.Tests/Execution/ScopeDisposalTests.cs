using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>The outcome of a job is what its job said, whatever its scope does on the way out.</summary>
public sealed class ScopeDisposalTests
{
    [Theory]
    [InlineData("throw")]
    [InlineData("throw async")]
    public async Task Success_StaysASuccessAndIsExecutedOnce_WhenTheScopeCannotBeDisposed(string manner)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<DisposingJob, Args>(new(manner, Succeeds: true)), JobState.Succeeded);

        Assert.Equal("""{"duration":null,"output":"done"}""", job.ResultJson);
        Assert.Equal(1, host.Probe.Count("executed"));
        Assert.Single(host.Logs.With(1113));
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("throw async")]
    public async Task Failure_KeepsTheExceptionOfTheJob_WhenTheScopeCannotBeDisposed(string manner)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<DisposingJob, Args>(new(manner, Succeeds: false)), JobState.Failed);

        Assert.Equal(("by nought", typeof(DivideByZeroException).FullName), (job.Error, host.StateOf(job.Id).Data["ExceptionType"]));
        Assert.Equal(2, host.Probe.Count("executed"));
    }

    [Fact]
    public async Task Success_IsStored_WhenTheDisposalHangsUntilTheAppStops()
    {
        await using var host = await StartAsync();
        var jobId = host.Jobs.Enqueue<DisposingJob, Args>(new("hang", Succeeds: true));
        await host.Probe.NotedAsync("disposing");

        await host.StopAsync();

        Assert.Equal("Succeeded", host.StateOf(jobId).Name);
        Assert.Equal(1, host.Probe.Count("executed"));
        Assert.Single(host.Logs.With(1113));
    }

    [Fact]
    public async Task Success_IsStored_WhenTheDisposalHangsPastTheTimeoutOfTheJob()
    {
        await using var host = await StartAsync(options => options.DefaultTimeout = TimeSpan.FromMilliseconds(300));

        var jobId = host.Jobs.Enqueue<DisposingJob, Args>(new("hang", Succeeds: true));

        await host.WaitForAsync(jobId, JobState.Succeeded);
        Assert.Equal(1, host.Probe.Count("executed"));
    }

    private static Task<JobHost> StartAsync(Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        jobs => jobs.AddJob<DisposingJob>(),
        options =>
        {
            options.StopTimeout = TimeSpan.FromMilliseconds(50);
            options.ShutdownTimeout = TimeSpan.FromSeconds(60);
            options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero };
            configure?.Invoke(options);
        },
        services => services.AddScoped<Resource>().AddScoped<AsyncResource>());

    internal sealed record Args(string Manner, bool Succeeds);

    private sealed class Resource : IDisposable
    {
        public string Manner { get; set; } = "";

        public void Dispose()
        {
            if (Manner == "throw")
                throw new InvalidOperationException("cannot be disposed");
        }
    }

    private sealed class AsyncResource(Probe probe) : IAsyncDisposable
    {
        public string Manner { get; set; } = "";

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            if (Manner == "throw async")
                throw new InvalidOperationException("cannot be disposed");
            if (Manner != "hang")
                return;
            probe.Note("disposing");
            await probe.GateAsync("never", CancellationToken.None);
        }
    }

    private sealed class DisposingJob(Probe probe, Resource resource, AsyncResource asyncResource) : IJob<Args>
    {
        public Task<JobResult> ExecuteAsync(Args args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("executed");
            resource.Manner = asyncResource.Manner = args.Manner;
            return args.Succeeds ? Task.FromResult(JobResult.Success(output: "done")) : throw new DivideByZeroException("by nought");
        }
    }
}
