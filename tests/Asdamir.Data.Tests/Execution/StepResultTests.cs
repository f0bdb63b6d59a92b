using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Tests.Hostile;

namespace Asdamir.Data.Tests.Execution;

/// <summary>A result that cannot be stored, or read, is a clear error, and the work of the step is not repeated for it.</summary>
public sealed class StepResultTests() : ScriptedJobTests(StorageKind.Sqlite)
{
    private static readonly Dictionary<string, (Func<string, IJobContext, Action, Task> Step, string Error)> Hostile = new()
    {
        ["not a number"] = (Step(static () => double.NaN), "infinity"),
        ["too large"] = (Step(static () => new string('x', 70_000)), "the limit is 65,536"),
        ["half a character"] = (Step(static () => "\ud800"), "'half a character'"),
        ["derived"] = (Step<Animal>(static () => new Dog("x")), "would be lost"),
        ["getter that throws"] = (Step(static () => new Throwing()), "not counted"),
    };

    public static TheoryData<string> Results => [.. Hostile.Keys];

    [Theory]
    [MemberData(nameof(Results))]
    public async Task Step_FailsItsJobForGood_WhenItsResultCannotBeStored(string result)
    {
        var done = 0;
        await using var host = await StartAsync((ctx, _) => Hostile[result].Step(result, ctx, () => done++));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains(result, job.Error, StringComparison.Ordinal);
        Assert.Contains(Hostile[result].Error, job.Error, StringComparison.Ordinal);
        Assert.Equal(1, done);
        Assert.Empty(StepNotes.ReadSteps(new JobMetadata(host.Storage), job.Id));
    }

    [Fact]
    public async Task Step_IsNotDone_WhenJsonCannotRepresentTheTypeOfItsResult()
    {
        var done = 0;
        await using var host = await StartAsync((ctx, ct) => ctx.StepAsync(
            "tuple",
            _ =>
            {
                done++;
                return Task.FromResult((1, "two"));
            },
            ct));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("The result of step 'tuple' would not be stored as it is", job.Error, StringComparison.Ordinal);
        Assert.Equal(0, done);
    }

    [Fact]
    public async Task Steps_AreRefused_BeyondTheSizeOfAllResults()
    {
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            for (var i = 0; i < 30; i++)
                await ctx.StepAsync($"s{i}", static _ => Task.FromResult(new string('x', 60_000)), ct);
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("with 's17'; the limit is 1,048,576", job.Error, StringComparison.Ordinal);
        Assert.Equal(17, StepNotes.ReadSteps(new JobMetadata(host.Storage), job.Id).Count);
    }

    [Fact]
    public async Task Step_IsAnErrorAndRetried_WhenALaterBuildReadsAnotherType()
    {
        List<string> errors = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            if (ctx.Attempt == 1)
            {
                await ctx.StepAsync("total", static _ => Task.FromResult("twelve"), ct);
                throw new TimeoutException("again");
            }
            var error = await Assert.ThrowsAsync<JobStepException>(() => ctx.StepAsync("total", static _ => Task.FromResult(12), ct));
            errors.Add(error.Message);
            if (ctx.Attempt == 2)
                throw error;
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.All(
            errors,
            static error =>
                Assert.StartsWith("The result of step 'total' cannot be read as System.Int32", error, StringComparison.Ordinal));
        Assert.Equal(2, errors.Count);
    }

    [Fact]
    public async Task Step_IsNotDoneAgain_WhenWhatIsStoredIsBroken()
    {
        var done = 0;
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await ctx.StepAsync("charge", _ => Task.FromResult(++done), ct);
            await tables.ExecuteAsync("UPDATE job_metadata SET value = '{\"name\":' WHERE name LIKE 'Step.%'");
            throw new TimeoutException("again");
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains($"A stored step of job {job.Id} (number 0) cannot be read", job.Error, StringComparison.Ordinal);
        Assert.Equal(1, done);
    }

    private static Func<string, IJobContext, Action, Task> Step<T>(Func<T> result) => (name, ctx, note) => ctx.StepAsync(
        name,
        _ =>
        {
            note();
            return Task.FromResult(result());
        });

    private class Animal(string name)
    {
        public string Name => name;
    }

    private sealed class Dog(string name) : Animal(name);

    private sealed class Throwing
    {
        public int Count => throw new InvalidOperationException("not counted");
    }
}
