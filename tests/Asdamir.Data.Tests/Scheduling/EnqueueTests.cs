using System.Collections;
using System.Text.Json.Serialization;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>No server runs here: what was enqueued stays where it was put.</summary>
public sealed class EnqueueTests
{
    [Theory]
    [InlineData("", "default")]
    [InlineData("crm", "crm")]
    public async Task Enqueue_PutsTheJobIntoTheAppsQueue_WithAndWithoutOne(string appQueue, string queue)
    {
        await using var host = await ClientAsync(options => options.AppQueue = appQueue);

        var jobId = host.Jobs.Enqueue<IdleJob>();

        var job = host.Jobs.Find(jobId)!;
        Assert.Equal((jobId, "IdleJob", JobState.Enqueued), (job.Id, job.JobName, job.State));
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount(queue));
    }

    [Fact]
    public async Task Enqueue_SaysHowToRegister_WhenTheJobIsNotRegistered()
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<InvalidOperationException>(() => host.Jobs.Enqueue<StrangerJob>());

        Assert.Contains("is not registered as a job", error.Message, StringComparison.Ordinal);
        AssertNothingStored(host);
    }

    [Fact]
    public async Task Enqueue_StoresNothing_WhenTheArgumentsAreNull()
    {
        await using var host = await ClientAsync();

        Assert.Throws<ArgumentNullException>(() => host.Jobs.Enqueue<ArgumentsJob, Args>(null!));
        AssertNothingStored(host);
    }

    [Fact]
    public async Task Enqueue_StoresNothing_WhenTheArgumentsCannotBeWritten()
    {
        await using var host = await ClientAsync();

        var error = Assert.Throws<JobArgumentsException>(
            () => host.Jobs.Enqueue<ArgumentsJob, Args>(new Args("x", new Part { IsBroken = true })));

        Assert.Contains("'ArgumentsJob'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
        AssertNothingStored(host);
    }

    [Fact]
    public async Task Enqueue_StoresNothing_WhenTheArgumentsReferToThemselves()
    {
        await using var host = await ClientAsync();
        var circle = new Part();
        circle.Inner = circle;

        Assert.Throws<JobArgumentsException>(() => host.Jobs.Enqueue<ArgumentsJob, Args>(new Args("x", circle)));
        AssertNothingStored(host);
    }

    [Fact]
    public async Task Enqueue_NamesSizeLimitAndKey_WhenTheArgumentsAreTooLarge()
    {
        await using var host = await ClientAsync(options => options.MaxArgumentsBytes = 1_000);

        var fitting = host.Jobs.Enqueue<ArgumentsJob, Args>(new Args(new string('x', 1_000 - """{"text":"","value":null}""".Length)));
        var error = Assert.Throws<JobArgumentsException>(
            () => host.Jobs.Enqueue<ArgumentsJob, Args>(new Args(new string('x', 1_001 - """{"text":"","value":null}""".Length))));

        Assert.NotNull(host.Jobs.Find(fitting));
        Assert.Contains("1,001 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("HangfireJobs:MaxArgumentsBytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, host.Storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Fact]
    public async Task Enqueue_StopsAtTheLimit_WhenASequenceInTheArgumentsIsEndless()
    {
        await using var host = await ClientAsync();
        var numbers = new EndlessNumbers();

        var error = Assert.Throws<JobArgumentsException>(() => host.Jobs.Enqueue<SequenceJob, Sequence>(new Sequence(numbers)));

        Assert.Contains("HangfireJobs:MaxArgumentsBytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(numbers.Count, 1, 1_000_000);
        AssertNothingStored(host);
    }

    [Fact]
    public async Task EnqueueMany_ReturnsTheIdsInTheOrderOfTheArguments_WhenAllAreGood()
    {
        await using var host = await ClientAsync();

        var ids = host.Jobs.EnqueueMany<ArgumentsJob, Args>(Enumerable.Range(0, 25).Select(i => new Args($"{i}")));

        Assert.Equal(25, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
        using var connection = host.Storage.GetConnection();
        var texts = ids.Select(id => (string)connection.GetJobData(id).Job.Args[1]);
        Assert.All(texts.Index(), item => Assert.Contains($"\"text\":\"{item.Index}\"", item.Item, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EnqueueMany_EnqueuesNothing_WhenOneElementIsBad()
    {
        await using var host = await ClientAsync();

        Assert.Throws<JobArgumentsException>(
            () => host.Jobs.EnqueueMany<ArgumentsJob, Args>([new Args("1"), new Args("2"), new Args("3", new Part { IsBroken = true })]));
        AssertNothingStored(host);
    }

    [Fact]
    public async Task EnqueueMany_EnqueuesNothing_WhenTheSequenceThrows()
    {
        await using var host = await ClientAsync();

        Assert.Throws<InvalidOperationException>(() => host.Jobs.EnqueueMany<ArgumentsJob, Args>(
            Enumerable.Range(0, 3).Select(i => i < 2 ? new Args("1") : throw new InvalidOperationException("broken source"))));
        AssertNothingStored(host);
    }

    [Fact]
    public async Task EnqueueMany_ReturnsNothing_WhenTheSequenceIsEmpty()
    {
        await using var host = await ClientAsync();

        Assert.Empty(host.Jobs.EnqueueMany<ArgumentsJob, Args>([]));
        AssertNothingStored(host);
    }

    private static Task<JobHost> ClientAsync(Action<HangfireJobsOptions>? configure = null) =>
        JobHost.StartClientAsync(jobs => jobs.AddJob<IdleJob>().AddJob<ArgumentsJob>().AddJob<SequenceJob>(), configure);

    private static void AssertNothingStored(JobHost host)
    {
        var counts = host.Storage.GetMonitoringApi().GetStatistics();
        Assert.Equal((0, 0, 0), (counts.Enqueued, counts.Scheduled, counts.Failed));
    }

    internal sealed record Args(string Text, Part? Value = null);

    internal sealed class Part
    {
        public Part? Inner { get; set; }

        [JsonIgnore]
        public bool IsBroken { get; init; }

        public int Size => IsBroken ? throw new InvalidOperationException("no size") : 0;
    }

    internal sealed record Sequence(IEnumerable<int> Numbers);

    /// <summary>Counts what is read, and ends the test if nothing stops the reader.</summary>
    private sealed class EndlessNumbers : IEnumerable<int>
    {
        public int Count { get; private set; }

        public IEnumerator<int> GetEnumerator()
        {
            while (Count < 10_000_000)
                yield return Count++;
            throw new InvalidOperationException("The sequence was read without a limit.");
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class SequenceJob : IJob<Sequence>
    {
        public Task<JobResult> ExecuteAsync(Sequence args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class StrangerJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    private sealed class ArgumentsJob : IJob<Args>
    {
        public Task<JobResult> ExecuteAsync(Args args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
