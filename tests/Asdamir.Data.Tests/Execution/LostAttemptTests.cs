using System.Collections.Concurrent;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Tests.Hostile;

namespace Asdamir.Data.Tests.Execution;

public sealed class LostAttemptOnSqlite() : LostAttemptTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class LostAttemptOnPostgreSql() : LostAttemptTests(StorageKind.PostgreSql);

/// <summary>An attempt whose job was moved away stores no step and no cursor, and its outcome is ignored.</summary>
public abstract class LostAttemptTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Fact]
    public async Task Step_IsNotStored_WhenTheJobWasGivenToAnotherWorker()
    {
        ConcurrentQueue<Exception?> errors = [];
        var deliveries = 0;
        await using var tables = new StoredTables(Kind, ConnectionString, Schema);
        await using var host = await StartAsync(async (ctx, ct) =>
        {
            var delivery = Interlocked.Increment(ref deliveries);
            if (delivery > 1)
            {
                errors.Enqueue(await Record.ExceptionAsync(() => ctx.StepAsync("charge", static _ => Task.FromResult("second"), ct)));
                return;
            }
            // The step cannot be stored: the claim has ended, and this attempt does not know.
            errors.Enqueue(await Record.ExceptionAsync(() => ctx.StepAsync(
                "charge",
                async _ =>
                {
                    await tables.ExecuteAsync(
                        $"UPDATE {tables.Name("queue")} SET claimed_by = NULL, claimed_at = NULL WHERE claimed_by IS NOT NULL");
                    return "first";
                },
                ct)));
            await Until.TrueAsync(() => ct.IsCancellationRequested, "the token is cancelled");
            errors.Enqueue(await Record.ExceptionAsync(() => ctx.StepAsync("mail", static _ => Task.CompletedTask, ct)));
            errors.Enqueue(Record.Exception(() => ctx.Cursor<int>("rows").MoveTo(1)));
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();

        await Until.TrueAsync(() => errors.Count == 4, "both attempts are over");
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.Equal(3, errors.Count(static error => error is JobLostException));
        Assert.Single(errors, static error => error is null);
        var step = Assert.Single(StepNotes.ReadSteps(new JobMetadata(host.Storage), job));
        Assert.Equal(("charge", "\"second\""), (step.Name, step.Result.GetRawText()));
    }

    [Fact]
    public async Task Step_IsNotStored_WhenTheJobWasDeletedAndRequeued()
    {
        var deliveries = 0;
        ConcurrentQueue<string> results = [];
        Exception? error = null;
        JobHost? host = null;
        await using var running = host = await StartAsync(async (ctx, _) =>
        {
            if (Interlocked.Increment(ref deliveries) > 1)
            {
                results.Enqueue(await ctx.StepAsync("charge", static _ => Task.FromResult("second"), CancellationToken.None));
                return;
            }
            error = await Record.ExceptionAsync(() => ctx.StepAsync(
                "charge",
                async _ =>
                {
                    Assert.True(host!.Jobs.Delete(ctx.JobId).IsDone);
                    Assert.True(host.Jobs.Requeue(ctx.JobId).IsDone);
                    await Until.TrueAsync(() => !results.IsEmpty, "the other attempt has done it");
                    return "first";
                },
                CancellationToken.None));
            // It swallows the error, and so claims to have succeeded.
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();

        await Until.TrueAsync(() => error is not null, "the first attempt has learnt it");
        await host.WaitForAsync(job, JobState.Succeeded);

        Assert.IsType<JobLostException>(error);
        Assert.Contains(job, error.Message, StringComparison.Ordinal);
        var step = Assert.Single(StepNotes.ReadSteps(new JobMetadata(host.Storage), job));
        Assert.Equal("\"second\"", step.Result.GetRawText());
    }

    [Fact]
    public async Task CursorAtTheEnd_IsNotStored_WhenTheJobWasDeleted()
    {
        JobHost? host = null;
        await using var running = host = await StartAsync((ctx, _) =>
        {
            Assert.True(host!.Jobs.Delete(ctx.JobId).IsDone);
            // It may know already.
            Record.Exception(() => ctx.Cursor<int>("rows").MoveTo(1));
            host.Probe.Note("set");
            return Task.CompletedTask;
        });
        var job = host.Jobs.Enqueue<ScriptedJob>();
        await host.Probe.NotedAsync("set");
        await host.StopAsync();

        Assert.Equal(JobState.Deleted, host.Jobs.Find(job)!.State);
        Assert.Empty(StepNotes.ReadCursors(new JobMetadata(host.Storage), job));
    }
}
