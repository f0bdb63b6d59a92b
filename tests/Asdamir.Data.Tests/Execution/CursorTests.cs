using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.Tests.Execution;

public sealed class CursorsInMemory() : CursorTests(StorageKind.InMemory);

public sealed class CursorsOnSqlite() : CursorTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class CursorsOnPostgreSql() : CursorTests(StorageKind.PostgreSql);

/// <summary>The next attempt continues where the last one came to.</summary>
public abstract class CursorTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Fact]
    public async Task Cursor_ContinuesWhereTheFailedAttemptCameTo()
    {
        ConcurrentQueue<long> rows = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var cursor = ctx.Cursor<long>("rows");
            for (var row = await cursor.ReadAsync(ct) + 1; row <= 10; row++)
            {
                if (row == 4 && ctx.Attempt == 1)
                    throw new TimeoutException("busy");
                rows.Enqueue(row);
                cursor.MoveTo(row);
            }
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rows);
    }

    [Fact]
    public async Task Cursor_HasTheValueOfThisAttempt_BeforeItIsStored()
    {
        ConcurrentQueue<Page?> seen = [];
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var cursor = ctx.Cursor<Page>("page");
            seen.Enqueue(await cursor.ReadAsync(ct));
            cursor.MoveTo(new Page("a", 1));
            seen.Enqueue(await ctx.Cursor<Page>("page").ReadAsync(ct));
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal([null, new Page("a", 1)], seen);
    }

    [Fact]
    public async Task SavedValue_IsStored_BeforeTheCallReturns()
    {
        IReadOnlyList<StoredCursor> stored = [];
        JobHost? host = null;
        await using var running = host = await StartAsync(async (ctx, ct) =>
        {
            await ctx.Cursor<int>("rows").SaveAsync(7, ct);
            await ctx.Cursor<string>("file").SaveAsync("a.csv", ct);
            stored = StepNotes.ReadCursors(new JobMetadata(host!.Storage), ctx.JobId);
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal([("rows", "7"), ("file", "\"a.csv\"")], stored.Select(static cursor => (cursor.Name, cursor.Value.GetRawText())));
    }

    [Fact]
    public async Task SetValue_IsStoredWithinSeconds_WhileTheJobContinues()
    {
        JobHost? host = null;
        await using var running = host = await StartAsync(async (ctx, _) =>
        {
            ctx.Cursor<int>("rows").MoveTo(7);
            await Until.TrueAsync(
                () => StepNotes.ReadCursors(new JobMetadata(host!.Storage), ctx.JobId) is [{ Name: "rows" }], "the cursor is stored");
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);
    }

    [Fact]
    public async Task Cursor_KeepsWhatWasSet_WhenTheObjectChangesAfterwards()
    {
        int[]? seen = null;
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var cursor = ctx.Cursor<List<int>>("list");
            List<int> list = [1, 2];
            cursor.MoveTo(list);
            list.Add(3);
            seen = [.. (await cursor.ReadAsync(ct))!];
        });

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        Assert.Equal([1, 2], seen!);
    }

    [Fact]
    public async Task Value_IsRefusedAndTheJobNotRetried_WhenItCannotBeStored()
    {
        await using var host = await StartAsync((ctx, _) =>
        {
            ctx.Cursor<double>("ratio").MoveTo(double.NaN);
            return Task.CompletedTask;
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("The value of cursor 'ratio'", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursors_AreRefused_BeyondTheirNumber()
    {
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            for (var i = 0; i < 21; i++)
                await ctx.Cursor<int>($"c{i}").SaveAsync(i, ct);
        });

        var job = await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Failed);

        Assert.Contains("has 20 cursors, which is the limit, and wants 'c20'", job.Error, StringComparison.Ordinal);
    }

    private sealed record Page(string Token, int Number);
}
