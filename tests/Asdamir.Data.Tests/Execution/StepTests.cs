using System.Collections.Concurrent;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class StepsInMemory() : StepTests(StorageKind.InMemory);

public sealed class StepsOnSqlite() : StepTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class StepsOnPostgreSql() : StepTests(StorageKind.PostgreSql);

/// <summary>A step that an attempt has done is not done by a later one.</summary>
public abstract class StepTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Fact]
    public async Task Step_IsDoneOnce_WhenTheJobIsRetried()
    {
        ConcurrentQueue<string> done = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var charge = await ctx.StepAsync(
                "charge",
                _ =>
                {
                    done.Enqueue("charge");
                    return Task.FromResult(new Charge($"c-{ctx.Attempt}", 12.50m));
                },
                ct);
            await ctx.StepAsync(
                "mail",
                _ =>
                {
                    done.Enqueue($"mail for {charge.Id}");
                    return ctx.Attempt == 1 ? throw new TimeoutException("no mail server") : Task.CompletedTask;
                },
                ct);
            if (ctx.Attempt == 2)
                throw new TimeoutException("at the end");
            done.Enqueue($"end with {charge}");
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal(["charge", "mail for c-1", "mail for c-1", $"end with {new Charge("c-1", 12.50m)}"], done);
        var steps = StepNotes.ReadSteps(new JobMetadata(host.Storage), job);
        Assert.Equal([("charge", 1), ("mail", 2)], steps.Select(static step => (step.Name, step.Attempt)));
        Assert.All(steps, static step => Assert.True(step.EndedAt >= step.StartedAt));
    }

    [Fact]
    public async Task Steps_AreAllStored_WhenTheyAreUnderWayAtOnce()
    {
        ConcurrentQueue<int> done = [];
        int[]? seen = null;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ctx.StepAsync(
                $"part-{i}",
                async token =>
                {
                    await Task.Yield();
                    done.Enqueue(i);
                    return i * i;
                },
                ct)));
            if (ctx.Attempt == 1)
                throw new TimeoutException("again");
            seen = results;
        });

        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal(Enumerable.Range(0, 40), done.Order());
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => i * i), seen);
    }

    [Fact]
    public async Task Step_IsRefusedAndTheJobNotRetried_WhenThereIsOneOfItsName()
    {
        var done = 0;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await ctx.StepAsync("charge", _ => Task.FromResult(++done), ct);
            await ctx.StepAsync("charge", _ => Task.FromResult(++done), ct);
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("two steps named 'charge'", job.Error, StringComparison.Ordinal);
        Assert.Equal(1, done);
    }

    [Fact]
    public async Task Step_MayBeTriedAgainInTheSameAttempt_WhenItThrew()
    {
        var tries = 0;
        var seen = 0;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            Task<int> Charge(CancellationToken _) => ++tries == 1 ? throw new TimeoutException("busy") : Task.FromResult(7);
            await Assert.ThrowsAsync<TimeoutException>(() => ctx.StepAsync("charge", Charge, ct));
            seen = await ctx.StepAsync("charge", Charge, ct);
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal((2, 7), (tries, seen));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" charge")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("*")]
    public async Task Name_IsRefused_WhenItBreaksTheRules(string name)
    {
        name = name == "*" ? new string('x', 101) : name;
        List<Exception> errors = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            errors.Add(await Assert.ThrowsAsync<ArgumentException>(() => ctx.StepAsync(name, static _ => Task.CompletedTask, ct)));
            errors.Add(Assert.Throws<ArgumentException>(() => ctx.Cursor<int>(name)));
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.All(errors, static error => Assert.Contains("Fix: use at most 100 characters", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Name_MayBeAnyText_WithinTheRules()
    {
        string[] names = ["a/b.c:d e", "Ünï-☃", "𝔘", "it's \"one\"", new string('x', 100)];
        ConcurrentQueue<string> done = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            foreach (var name in names)
            {
                await ctx.StepAsync(
                    name,
                    _ =>
                    {
                        done.Enqueue(name);
                        return Task.CompletedTask;
                    },
                    ct);
            }
            if (ctx.Attempt == 1)
                throw new TimeoutException("again");
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal(names, done);
    }

    [Fact]
    public async Task Step_ReturnsTheSameInEveryAttempt_WhateverTheCultureAndTheValue()
    {
        List<string> seen = [];
        var unusual = new Unusual(
            null, double.Epsilon, -79228162514264337593543950335m, new DateTimeOffset(2026, 11, 26, 1, 2, 3, 4, TimeSpan.FromHours(5.5)),
            [null, "\0 \" \\ \u2028 😀", ""], new Dictionary<string, decimal?> { ["ß/€"] = null });
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(ctx.Attempt == 1 ? "de-DE" : "ar-SA");
            var result = await ctx.StepAsync("unusual", _ => Task.FromResult(unusual), ct);
            var nothing = await ctx.StepAsync("nothing", static _ => Task.FromResult<string?>(null), ct);
            seen.Add(System.Text.Json.JsonSerializer.Serialize((object)new { result, nothing }));
            if (ctx.Attempt == 1)
                throw new TimeoutException("again");
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal(2, seen.Count);
        Assert.Equal(seen[0], seen[1]);
        Assert.Contains(System.Text.Json.JsonSerializer.Serialize(unusual), seen[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_KeepsResultsAsDeepAsArguments()
    {
        List<int> seen = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var node = await ctx.StepAsync("deep", static _ => Task.FromResult(Node.OfDepth(60)), ct);
            seen.Add(node.Depth());
            if (ctx.Attempt == 1)
                throw new TimeoutException("again");
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal([60, 60], seen);
    }

    [Fact]
    public async Task Step_IsRefused_AfterItsAttemptHasEnded()
    {
        IJobContext? kept = null;
        var done = false;
        await using var host = await StartAsync((ctx, _) =>
        {
            kept = ctx;
            return Task.CompletedTask;
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);

        var late = await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.StepAsync(
            "late",
            _ =>
            {
                done = true;
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken));
        var cursor = Assert.Throws<InvalidOperationException>(() => kept!.Cursor<int>("late").MoveTo(1));

        Assert.Contains("the attempt has ended", late.Message, StringComparison.Ordinal);
        Assert.Contains("the attempt has ended", cursor.Message, StringComparison.Ordinal);
        Assert.False(done);
        Assert.Empty(StepNotes.ReadSteps(new JobMetadata(host.Storage), job));
    }

    [Fact]
    public async Task StepUnderWay_IsNotStored_WhenItsAttemptEndsBeforeIt()
    {
        Task? step = null;
        var go = new TaskCompletionSource();
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var begun = new TaskCompletionSource();
            step = ctx.StepAsync(
                "slow",
                async _ =>
                {
                    begun.SetResult();
                    await go.Task;
                },
                ct);
            await begun.Task;
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Succeeded);
        go.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => step!);

        Assert.Empty(StepNotes.ReadSteps(new JobMetadata(host.Storage), job));
    }

    [Fact]
    public async Task Steps_AreKept_WhenAnOperatorRequeuesTheJob()
    {
        var charged = 0;
        var fails = true;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await ctx.StepAsync("charge", _ => Task.FromResult(++charged), ct);
            if (fails)
                throw new TimeoutException("no");
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(job, JobState.Failed);
        fails = false;

        Assert.True(host.Jobs.Requeue(job).IsDone);
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal(1, charged);
    }

    [Fact]
    public async Task StepsAndCursors_AreShown_WithSecretsMasked()
    {
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await ctx.StepAsync("login", static _ => Task.FromResult(new Account("anna", "s3cret")), ct);
            await ctx.StepAsync("mail", static _ => Task.CompletedTask, ct);
            await ctx.Cursor<int>("rows").SaveAsync(7, ct);
            await ctx.Cursor<string>("apiToken").SaveAsync("t0ken", ct);
        });
        var id = host.Jobs.Enqueue<ScriptedJob>();
        await host.WaitForAsync(id, JobState.Succeeded);

        var job = await host.Services.GetRequiredService<IJobMonitor>()
            .FindJobAsync(id, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            [("login", 1, """{"user":"anna","password":"•••"}"""), ("mail", 1, null)],
            job!.Steps.Select(static step => (step.Name, step.Attempt, step.Result)));
        Assert.All(job.Steps, step => Assert.InRange(step.StartedAt, job.CreatedAt, step.EndedAt));
        Assert.Equal([("rows", "7"), ("apiToken", "•••")], job.Cursors.Select(static cursor => (cursor.Name, cursor.Value)));
    }

    [Fact]
    public async Task Steps_AreRefused_BeyondTheirNumber()
    {
        var done = 0;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => ctx.StepAsync($"s{i}", _ => Task.CompletedTask, ct)));
            await ctx.StepAsync("one more", _ => Task.FromResult(++done), ct);
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("1,000 steps, which is the limit, and wants 'one more'", job.Error, StringComparison.Ordinal);
        Assert.Equal(0, done);
    }

    private protected sealed record Charge(string Id, decimal Amount);

    private sealed record Account(string User, string Password);

    private sealed record Unusual(
        string? Text, double Number, decimal Amount, DateTimeOffset At, IReadOnlyList<string?> Texts, Dictionary<string, decimal?> Sums);

    private sealed class Node
    {
        public Node? Inner { get; init; }

        public static Node OfDepth(int depth) => new() { Inner = depth == 1 ? null : OfDepth(depth - 1) };

        public int Depth() => 1 + (Inner?.Depth() ?? 0);
    }
}
