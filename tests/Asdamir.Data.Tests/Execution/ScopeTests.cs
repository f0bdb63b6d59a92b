using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class ScopeTests
{
    [Fact]
    public async Task Execute_OpensAScopeForEachJobAndDisposesIt_WhenItHasEnded()
    {
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<ScopedJob>(),
            services: services => services.AddScoped<UnitOfWork>().AddScoped<AsyncOnlyUnitOfWork>().AddScoped<Ledger>());

        var first = host.Jobs.Enqueue<ScopedJob>();
        await host.WaitForAsync(first, JobState.Succeeded);
        var second = host.Jobs.Enqueue<ScopedJob>();
        await host.WaitForAsync(second, JobState.Succeeded);

        Assert.Equal(["same", "disposed async", "disposed", "same", "disposed async", "disposed"], host.Probe.Notes);
        Assert.Equal(2, host.Services.GetRequiredService<Probe>().Notes.Count(note => note == "same"));
    }

    [Fact]
    public async Task Execute_DisposesTheScope_WhenTheJobThrows()
    {
        await using var host = await JobHost.StartAsync(
            jobs => jobs.AddJob<ThrowingJob>(), options => options.Retry.Attempts = 0, services => services.AddScoped<UnitOfWork>());

        await host.WaitForAsync(host.Jobs.Enqueue<ThrowingJob>(), JobState.Failed);

        Assert.Equal(["disposed"], host.Probe.Notes);
    }

    [Fact]
    public async Task Execute_FailsWithTheReason_WhenTheJobCannotBeCreated()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<ThrowingJob>(), options => options.Retry.Attempts = 0);

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ThrowingJob>(), JobState.Failed);

        Assert.Contains(nameof(UnitOfWork), job.Error, StringComparison.Ordinal);
    }

    private sealed class Ledger(UnitOfWork work, AsyncOnlyUnitOfWork asyncWork)
    {
        public bool Shares(UnitOfWork other, AsyncOnlyUnitOfWork asyncOther) => work == other && asyncWork == asyncOther;
    }

    private sealed class UnitOfWork(Probe probe) : IDisposable
    {
        public void Dispose() => probe.Note("disposed");
    }

    private sealed class AsyncOnlyUnitOfWork(Probe probe) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            probe.Note("disposed async");
        }
    }

    private sealed class ScopedJob(Probe probe, Ledger ledger, UnitOfWork work, AsyncOnlyUnitOfWork asyncWork) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(ledger.Shares(work, asyncWork) ? "same" : "other");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class ThrowingJob(UnitOfWork work) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
            throw new InvalidOperationException(work.ToString());
    }
}
