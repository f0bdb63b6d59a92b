using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>Which calls are refused for their options, or because their arguments do not tell the job type.</summary>
public sealed class JobOptionsTests
{
    public static TheoryData<JobOptions, string, string> Contradictions => new()
    {
        { new JobOptions { RunAt = DateTimeOffset.UtcNow, Delay = TimeSpan.Zero }, "RunAt", "Delay" },
        { new JobOptions { RunAt = DateTimeOffset.UtcNow, After = "1" }, "RunAt", "After" },
        { new JobOptions { Delay = TimeSpan.Zero, After = "1" }, "Delay", "After" },
        { new JobOptions { Condition = ContinueOn.AnyEnd }, "Condition", "After" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task Enqueue_NamesBoth_WhenOptionsContradictEachOther(JobOptions options, string one, string other)
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<ArgumentException>(() => host.Jobs.Enqueue<IdleJob>(options));

        Assert.Equal("options", error.ParamName);
        Assert.Contains(one, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Storage.GetMonitoringApi().GetStatistics().Scheduled);
    }

    [Fact]
    public async Task Enqueue_FindsTheJobType_ByItsArguments()
    {
        await using var host = await ClientAsync();

        var id = host.Jobs.Enqueue(new Order(1));

        Assert.Equal(nameof(OrderJob), host.Jobs.Find(id)!.JobName);
    }

    [Fact]
    public async Task Enqueue_NamesTheCandidates_WhenSeveralJobTypesTakeTheArguments()
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<InvalidOperationException>(() => host.Jobs.Enqueue("text"));

        Assert.Contains(nameof(FirstTextJob), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SecondTextJob), error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: name the job type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enqueue_NamesTheArguments_WhenNoJobTypeTakesThem()
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<InvalidOperationException>(() => host.Jobs.Enqueue(42));

        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: register one", error.Message, StringComparison.Ordinal);
    }

    private static Task<JobHost> ClientAsync() => JobHost.StartClientAsync(
        static jobs => jobs.AddJob<IdleJob>().AddJob<OrderJob>().AddJob<FirstTextJob>().AddJob<SecondTextJob>());

    private sealed record Order(int Id);

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class OrderJob : IJob<Order>
    {
        public Task<JobResult> ExecuteAsync(Order args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class FirstTextJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class SecondTextJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
