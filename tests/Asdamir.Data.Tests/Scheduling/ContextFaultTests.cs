using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Scheduling;

/// <summary>A context that cannot be stored or restored.</summary>
public sealed class ContextFaultTests
{
    [Theory]
    [InlineData("", "x", "after Told.Capture: the name '' is not a text of 1 to 100 characters")]
    [InlineData("a\nb", "x", "the name 'a\\u000ab' is not a text of 1 to 100 characters without control characters")]
    [InlineData("user", null, "'user' is null. Fix: leave it out")]
    [InlineData("user", "long", "bytes as JSON, and at most 4096 are stored; the longest value is 'user'. Fix: capture an id")]
    [InlineData("user", "half", "half a surrogate pair (U+D83D)")]
    public async Task Enqueue_ThrowsAndStoresNothing_WhenTheContextCannotBeStored(string name, string? value, string fault)
    {
        var stored = value switch
        {
            "long" => new string('x', 4_096),
            "half" => "\ud83d",
            _ => value,
        };
        await using var host = await StartAsync(new Told { Name = name, Value = stored });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.Jobs.EnqueueAsync<IdleJob>(ct: TestContext.Current.CancellationToken));

        Assert.StartsWith("The context of a job of type 'IdleJob' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Fact]
    public async Task Attempt_Fails_WhenTheContextCannotBeRestored()
    {
        await using var host = await StartAsync(new Told { Name = "tenant", Value = "gone" });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<IdleJob>(), JobState.Failed);

        Assert.Contains("There is no tenant 'gone'.", job.Error, StringComparison.Ordinal);
    }

    private static Task<JobHost> StartAsync(Told told) => JobHost.StartAsync(
        static jobs => jobs.AddJob<IdleJob>(),
        static options => options.Retry.Attempts = 0,
        services => services.AddSingleton<IJobContextPropagator>(told));

    private sealed class Told : IJobContextPropagator
    {
        public required string Name { get; init; }

        public required string? Value { get; init; }

        public void Capture(IDictionary<string, string> values) => values[Name] = Value!;

        public void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services) =>
            throw new InvalidOperationException($"There is no {Name} '{values[Name]}'.");
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
