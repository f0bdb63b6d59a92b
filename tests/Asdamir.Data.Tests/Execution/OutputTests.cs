using System.Text;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>The work is done: an output that cannot be stored costs the output and nothing else.</summary>
public sealed class OutputTests
{
    public static TheoryData<string> Unstorable => [.. OutputJob.Unstorable.Keys];

    [Theory]
    [MemberData(nameof(Unstorable))]
    public async Task Success_SaysWhyThereIsNoOutput_WhenItCannotBeStored(string kind)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<OutputJob, string>(kind), JobState.Succeeded);

        using var result = JsonDocument.Parse(job.ResultJson!);
        Assert.Equal("00:00:07", result.RootElement.GetProperty("duration").GetString());
        Assert.StartsWith("The output ", result.RootElement.GetProperty("outputError").GetString(), StringComparison.Ordinal);
        Assert.False(result.RootElement.TryGetProperty("output", out _));
        Assert.Single(host.Logs.With(1112));
        Assert.Equal(1, host.Probe.Count(kind));
    }

    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public async Task Success_MeasuresTheOutputInBytes_WithTextThatTakesSeveralForACharacter(int bytes, bool isStored)
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<SizedJob, int>(bytes), JobState.Succeeded);

        Assert.Equal(isStored, !job.ResultJson!.Contains("outputError", StringComparison.Ordinal));
        if (isStored)
            Assert.Equal(bytes, Encoding.UTF8.GetByteCount(job.ResultJson));
        else
            Assert.Contains("65536 bytes", job.ResultJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_StoresALazyOutput_ThatNeedsAServiceOfItsScope()
    {
        await using var host = await StartAsync();

        var job = await host.WaitForAsync(host.Jobs.Enqueue<LazyJob>(), JobState.Succeeded);

        Assert.Equal("""{"duration":null,"output":[1,2]}""", job.ResultJson);
    }

    private static Task<JobHost> StartAsync() => JobHost.StartAsync(
        jobs => jobs.AddJob<OutputJob>().AddJob<SizedJob>().AddJob<LazyJob>(),
        options => options.Retry = new() { Attempts = 1, BaseDelay = TimeSpan.Zero },
        services => services.AddScoped<Source>());

    private sealed class OutputJob(Probe probe) : IJob<string>
    {
        public static Dictionary<string, Func<object>> Unstorable { get; } = new()
        {
            ["type"] = static () => typeof(string),
            ["infinity"] = static () => new { Ratio = double.PositiveInfinity },
            ["not a number"] = static () => float.NaN,
            ["getter"] = static () => new Throwing(),
            ["getter with a hostile exception"] = static () => new ThrowingHostile(),
            ["lazy"] = static () => Enumerable.Range(0, 10).Select(static i => 10 / (5 - i)),
            ["cancelled"] = static () => Enumerable.Range(0, 2).Select<int, int>(static _ => throw new OperationCanceledException()),
            ["endless"] = static () => Endless(),
            ["cycle"] = static () => new Node(),
            ["large"] = static () => new string('x', 100_000),
            ["delegate"] = static () => new { Callback = new Func<int>(static () => 1) },
        };

        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(args);
            return Task.FromResult(JobResult.Success(TimeSpan.FromSeconds(7), Unstorable[args]()));
        }

        private static IEnumerable<int> Endless()
        {
            while (true)
                yield return 1;
        }
    }

    private sealed class Throwing
    {
        public int Count => throw new InvalidOperationException("not counted");
    }

    private sealed class ThrowingHostile
    {
        public int Count => throw new HostileException();
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }

    private sealed class Node
    {
        public Node Self => this;
    }

    private sealed class SizedJob : IJob<int>
    {
        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
        {
            var rest = args - Encoding.UTF8.GetByteCount("""{"duration":null,"output":""}""");
            return Task.FromResult(JobResult.Success(output: new string('ä', rest / 2) + (rest % 2 == 1 ? "x" : "")));
        }
    }

    private sealed class Source : IDisposable
    {
        private bool _disposed;

        public IEnumerable<int> Numbers =>
            Enumerable.Range(1, 2).Where(_ => _disposed ? throw new ObjectDisposedException(nameof(Source)) : true);

        public void Dispose() => _disposed = true;
    }

    private sealed class LazyJob(Source source) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success(output: source.Numbers));
    }
}
