using Asdamir.Data.HangfireJobs;
using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Code that an app puts around the attempts of its jobs.</summary>
public sealed class MiddlewareTests
{
    [Fact]
    public async Task Middleware_IsCalledInTheOrderOfRegistration_InsideFiltersAndAroundTheJob()
    {
        await using var host = await StartAsync(
            static _ => Task.FromResult(JobResult.Success()),
            static jobs => jobs.AddMiddleware<Outer>().AddMiddleware<Inner>().AddMiddleware<Outer>().AddFilter<NotingFilter>());

        await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Succeeded);

        Assert.Equal(
            [
                "performing", "before Outer 1/3 False", "before Inner 1/3 False", "created", "job", "after Inner Success",
                "after Outer Success",
            ],
            host.Probe.Notes);
    }

    [Fact]
    public async Task Middleware_SeesTheExceptionAndTheLastAttempt_WhenTheJobFails()
    {
        var failure = new TimeoutException("no answer");
        await using var host = await StartAsync(_ => throw failure, static jobs => jobs.AddMiddleware<Outer>());

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Failed);

        Assert.Contains("no answer", job.Error, StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(1, 3).SelectMany(
                static attempt => new[] { $"before Outer {attempt}/3 {attempt == 3}", "created", "job", "after Outer no answer" }),
            host.Probe.Notes);
    }

    [Fact]
    public async Task Middleware_IsAroundTheJobTypesThatItAppliesTo()
    {
        await using var host = await StartAsync(
            static _ => Task.FromResult(JobResult.Success()),
            static jobs => jobs.AddJob<IdleJob>().AddMiddleware<Outer>(static type => type == typeof(IdleJob)));

        await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Succeeded);
        await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), JobState.Succeeded);

        Assert.Equal(["created", "job", "before Outer 1/3 False", "after Outer Success"], host.Probe.Notes);
    }

    [Fact]
    public async Task Middleware_PreparesTheScopeBeforeTheJobIsCreated_AndWhatIsAmbient()
    {
        await using var host = await JobHost.StartAsync(
            static jobs => jobs.AddJob<TenantJob>().AddMiddleware<TenantMiddleware>(),
            services: static services => services.AddScoped<Tenant>().AddScoped<Ledger>());

        await host.WaitForAsync(host.Jobs.Enqueue<TenantJob>(), JobState.Succeeded);

        Assert.Equal(["tenant-7 tenant-7"], host.Probe.Notes);
    }

    [Fact]
    public async Task Middleware_ReplacesTheResultOfTheJob()
    {
        await using var host = await StartAsync(
            static _ => throw new InvalidOperationException("the invoice is cancelled"),
            static jobs => jobs.AddMiddleware<GiveUp>());

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Failed);

        Assert.Contains("given up: the invoice is cancelled", job.Error, StringComparison.Ordinal);
        Assert.Equal(1, host.Probe.Count("job"));
    }

    [Fact]
    public async Task Middleware_FailsTheAttempt_WhenItThrowsAfterTheJob()
    {
        await using var host = await StartAsync(
            static _ => Task.FromResult(JobResult.Success()), static jobs => jobs.AddMiddleware<FailsFirst>());

        await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Succeeded);

        Assert.Equal(2, host.Probe.Count("job"));
    }

    [Fact]
    public async Task Middleware_PostponesTheJob_WithoutCallingIt()
    {
        await using var host = await StartAsync(
            static _ => Task.FromResult(JobResult.Success()), static jobs => jobs.AddMiddleware<Maintenance>());

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ToldJob>(), JobState.Scheduled);

        Assert.Contains("maintenance", job.Reason, StringComparison.Ordinal);
        Assert.Empty(host.Probe.Notes);
    }

    [Theory]
    [InlineData(typeof(Skips), "returned a success without calling next, so the job was not executed")]
    [InlineData(typeof(Twice), "called next twice, but an attempt executes its job once")]
    [InlineData(typeof(Null), "returned null instead of a JobResult")]
    [InlineData(typeof(DoesNotAwait), "returned before its job had ended. Fix: await next")]
    [InlineData(typeof(NoTask), "returned null instead of a JobResult")]
    public async Task Attempt_FailsWithTheNameOfTheMiddlewareAndTheFix_WhenItBreaksTheContract(Type middleware, string fault)
    {
        await using var host = await StartAsync(
            static async probe =>
            {
                // Long enough for a middleware that does not wait for it.
                await probe.GateAsync("end", TestContext.Current.CancellationToken);
                return JobResult.Success();
            },
            jobs => typeof(IHangfireJobsBuilder).GetMethod(nameof(IHangfireJobsBuilder.AddMiddleware))!
                .MakeGenericMethod(middleware).Invoke(jobs, [null]),
            retries: 0);
        if (middleware != typeof(DoesNotAwait))
            host.Probe.Open("end");

        var jobId = host.Jobs.Enqueue<ToldJob>();
        if (middleware == typeof(DoesNotAwait))
        {
            await host.Probe.NotedAsync("left");
            host.Probe.Open("end");
        }

        var job = await host.WaitForAsync(jobId, JobState.Failed);
        Assert.Contains($"Middleware {middleware.Name} of job 'ToldJob' {fault}", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Middleware_SeesTheCancellation_WhenTheJobIsDeleted()
    {
        await using var host = await StartAsync(
            static _ => Task.FromResult(JobResult.Success()), static jobs => jobs.AddMiddleware<WaitsForCancellation>());
        var jobId = host.Jobs.Enqueue<ToldJob>();
        await host.Probe.NotedAsync("waits");

        host.Jobs.Delete(jobId);

        await host.Probe.NotedAsync("cancelled");
        Assert.Equal(JobState.Deleted, host.Jobs.Find(jobId)!.State);
    }

    private static Task<JobHost> StartAsync(
        Func<Probe, Task<JobResult>> job, Action<IHangfireJobsBuilder> configure, int retries = 2) =>
        JobHost.StartAsync(
            jobs => configure(jobs.AddJob<ToldJob>()),
            options => options.Retry = new() { Attempts = retries, BaseDelay = TimeSpan.Zero },
            services => services.AddSingleton(job));

    private sealed class ToldJob : IJob
    {
        private readonly Probe _probe;
        private readonly Func<Probe, Task<JobResult>> _work;

        public ToldJob(Probe probe, Func<Probe, Task<JobResult>> work)
        {
            (_probe, _work) = (probe, work);
            probe.Note("created");
        }

        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            _probe.Note("job");
            return _work(_probe);
        }
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private abstract class Noting(Probe probe) : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            var context = execution.Context;
            probe.Note($"before {GetType().Name} {context.Attempt}/{context.MaxAttempts} {execution.IsLastAttempt}");
            await Task.Yield();
            try
            {
                var result = await next();
                probe.Note($"after {GetType().Name} {result.Outcome}");
                return result;
            }
            catch (Exception exception)
            {
                probe.Note($"after {GetType().Name} {exception.Message}");
                throw;
            }
        }
    }

    private sealed class Outer(Probe probe) : Noting(probe);

    private sealed class Inner(Probe probe) : Noting(probe);

    private sealed class NotingFilter(Probe probe) : IServerFilter
    {
        public void OnPerforming(PerformingContext context) => probe.Note("performing");

        public void OnPerformed(PerformedContext context)
        {
        }
    }

    private sealed class Tenant
    {
        public static readonly AsyncLocal<string?> Ambient = new();

        public string? Name { get; set; }
    }

    private sealed class Ledger(Tenant tenant)
    {
        // Read when it is created, as the connection of a tenant would be.
        public string? Tenant { get; } = tenant.Name;
    }

    private sealed class TenantMiddleware(Tenant tenant) : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            await Task.Yield();
            tenant.Name = "tenant-7";
            Tenant.Ambient.Value = "tenant-7";
            return await next();
        }
    }

    private sealed class TenantJob(Ledger ledger, Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"{ledger.Tenant} {Tenant.Ambient.Value}");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class GiveUp : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            try
            {
                return await next();
            }
            catch (InvalidOperationException exception)
            {
                return JobResult.PermanentFailure($"given up: {exception.Message}");
            }
        }
    }

    private sealed class FailsFirst : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            var result = await next();
            return execution.Context.Attempt == 1 ? throw new TimeoutException("not stored") : result;
        }
    }

    private sealed class Maintenance : IJobMiddleware
    {
        public Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next) =>
            Task.FromResult(JobResult.RunAgainAfter(TimeSpan.FromDays(1), "maintenance"));
    }

    private sealed class Skips : IJobMiddleware
    {
        public Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next) => Task.FromResult(JobResult.Success());
    }

    private sealed class Twice : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            await next();
            return await next();
        }
    }

    private sealed class Null : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            await next();
            return null!;
        }
    }

    private sealed class NoTask : IJobMiddleware
    {
        public Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next) => null!;
    }

    private sealed class DoesNotAwait(Probe probe) : IJobMiddleware
    {
        public Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            _ = next();
            probe.Note("left");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class WaitsForCancellation(Probe probe) : IJobMiddleware
    {
        public async Task<JobResult> InvokeAsync(JobExecution execution, Func<Task<JobResult>> next)
        {
            probe.Note("waits");
            try
            {
                await Task.Delay(Timeout.Infinite, execution.CancellationToken);
            }
            finally
            {
                probe.Note("cancelled");
            }
            return await next();
        }
    }
}
