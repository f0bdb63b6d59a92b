using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.ManualExecution;

public sealed class ManualJobServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Server_ExecutesNothing_UntilItIsAsked()
    {
        await using var host = await StartAsync();
        var server = host.Services.GetRequiredService<ManualJobServer>();
        var first = host.Jobs.Enqueue<NotingJob, string>("first");
        var second = host.Jobs.Enqueue<NotingJob, string>("second");

        Assert.Null(await server.BeginAsync("4711"));
        var attempt = await server.BeginAsync(second);
        await attempt!.Ended;

        Assert.Equal(second, attempt.JobId);
        Assert.Equal(JobOutcome.Success, attempt.Result?.Outcome);
        Assert.Equal(["second"], host.Probe.Notes);
        Assert.Equal(JobState.Enqueued, host.Jobs.Find(first)?.State);
        Assert.Equal(JobState.Succeeded, host.Jobs.Find(second)?.State);
        Assert.Equal("\"first\"", server.ArgumentsOf(first));
        Assert.Equal("first", ManualJobServer.ReadArguments("\"first\"", typeof(string)));
    }

    [Fact]
    public async Task Call_SeesTheJob_AndMayChangeItsResult()
    {
        await using var host = await StartAsync();
        var server = host.Services.GetRequiredService<ManualJobServer>();
        var id = host.Jobs.Enqueue<NotingJob, string>("done");

        var attempt = await server.BeginAsync(id, async (context, call) =>
        {
            host.Probe.Note($"before {context.JobId}");
            Assert.Equal(JobOutcome.Success, (await call(context)).Outcome);
            return JobResult.PermanentFailure("No.");
        });
        await attempt!.Ended;

        Assert.Equal([$"before {id}", "done"], host.Probe.Notes);
        Assert.Equal(("No.", JobState.Failed), (attempt.Result?.Message, host.Jobs.Find(id)!.State));
    }

    [Fact]
    public async Task Abandon_PutsTheJobBack_AndRefusesWhatTheAttemptStillWrites()
    {
        await using var host = await StartAsync();
        var server = host.Services.GetRequiredService<ManualJobServer>();
        var id = host.Jobs.Enqueue<NotingJob, string>("done");
        var called = new TaskCompletionSource<IJobContext>();
        var first = await server.BeginAsync(id, async (context, call) =>
        {
            await call(context);
            called.SetResult(context);
            await new TaskCompletionSource().Task;
            return JobResult.Success();
        });
        var context = await called.Task.WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        first!.Abandon();
        var second = await server.BeginAsync(id);
        await second!.Ended;

        Assert.Equal(["done", "done"], host.Probe.Notes);
        Assert.Equal(JobState.Succeeded, host.Jobs.Find(id)?.State);
        Assert.False(first.Ended.IsCompleted);
        Assert.Null(first.Result);
        await Assert.ThrowsAsync<JobLostException>(
            () => context.StepAsync("late", static _ => Task.CompletedTask, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Server_NeedsAStorageOfThisProduct()
    {
        await using var host = await JobHost.StartAsync(static jobs => jobs.AddJob<NotingJob>().UseManualServer());

        var failure = Assert.Throws<NotSupportedException>(() => host.Services.GetRequiredService<ManualJobServer>());

        Assert.Contains("Fix: use SqliteJobStorage or PostgreSqlJobStorage.", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<JobHost> StartAsync() => JobHost.StartAsync(
        static jobs => jobs.AddJob<NotingJob>().UseManualServer(),
        options =>
        {
            options.Storage.Provider = "Sqlite";
            options.Storage.ConnectionString = _folder.Sqlite();
        });

    public sealed class NotingJob(IServiceProvider services) : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            services.GetRequiredService<Probe>().Note(args);
            return Task.FromResult(JobResult.Success());
        }
    }
}
