using System.Diagnostics;
using System.Globalization;
using Apps.Kit;
using Asdamir.Data.HangfireJobs;
using Npgsql;

namespace Apps.Crm;

/// <summary>
/// Does two steps. The process that does the first one kills itself then, or waits for the end of the jobs after which it is ordered.
/// </summary>
public sealed class CrmSteps(WorkLedger ledger) : IJob<WorkOrder>
{
    public async Task<JobResult> ExecuteAsync(WorkOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        var notes = new JobNotes(ledger, ctx, args.Tag);
        await new JobNotes(ledger, ctx, EnqueuedTag.Value ?? "").AddAsync("context");
        try
        {
            var isFirst = false;
            await ctx.StepAsync(
                "one",
                async _ =>
                {
                    isFirst = true;
                    await notes.AddAsync("one");
                },
                CancellationToken.None);
            if (isFirst && args.KillProcess)
                Process.GetCurrentProcess().Kill();
            if (isFirst)
                await notes.WaitAsync(args.After);
            await ctx.StepAsync("two", _ => notes.AddAsync("two"), CancellationToken.None);
            return JobResult.Success();
        }
        catch (JobLostException)
        {
            await notes.AddAsync("lost");
            throw;
        }
    }
}

/// <summary>
/// Books in its own transaction. Its first execution waits right before or after it has completed the job in it, for the end of the jobs
/// after which it is ordered.
/// </summary>
public sealed class CrmBooking(WorkLedger ledger) : IJob<WorkOrder>
{
    public async Task<JobResult> ExecuteAsync(WorkOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        var notes = new JobNotes(ledger, ctx, args.Tag);
        await using var connection = await ledger.Database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using (var book = connection.CreateCommand())
        {
            book.CommandText =
                "insert into public.ledger (job_id, tag, app, job, attempt, culture, pid) values ($1, $2, '', '', 1, '', $3)";
            book.Parameters.AddWithValue(ctx.JobId);
            book.Parameters.AddWithValue($"{args.Tag}-booked");
            book.Parameters.AddWithValue(Environment.ProcessId);
            await book.ExecuteNonQueryAsync(CancellationToken.None);
        }
        var isFirst = !await ledger.HasEndedAsync($"{args.Tag}-waits");
        try
        {
            if (isFirst && args.FailureText == "before")
                await notes.WaitAsync(args.After);
            await ctx.CompleteInAsync(transaction, ct: CancellationToken.None);
            if (isFirst && args.FailureText == "after")
                await notes.WaitAsync(args.After);
            await transaction.CommitAsync(CancellationToken.None);
            return JobResult.Success();
        }
        catch (Exception exception) when (exception is JobLostException or NpgsqlException)
        {
            await notes.AddAsync("lost");
            throw;
        }
    }
}

/// <summary>Takes the tag of the order that was enqueued to the job.</summary>
internal sealed class EnqueuedTag : IJobContextPropagator
{
    private static readonly AsyncLocal<string?> Ambient = new();

    public static string? Value => Ambient.Value;

    /// <summary>Does something while the tag is ambient.</summary>
    public static object? With(string? tag, Func<object?> command)
    {
        Ambient.Value = tag;
        try
        {
            return command();
        }
        finally
        {
            Ambient.Value = null;
        }
    }

    public void Capture(IDictionary<string, string> values)
    {
        if (Value is { } tag)
            values["tag"] = tag;
    }

    public void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services) =>
        Ambient.Value = values.GetValueOrDefault("tag");
}

internal sealed class JobNotes(WorkLedger ledger, IJobContext ctx, string tag)
{
    public async Task AddAsync(string word) =>
        await ledger.EndAsync(
            await ledger.StartAsync(
                new LedgerEntry(ctx.JobId, $"{tag}-{word}", "Crm", ctx.JobName, ctx.Attempt, CultureInfo.CurrentCulture.Name, null)),
            word);

    public async Task WaitAsync(IReadOnlyList<string>? after)
    {
        await AddAsync("waits");
        foreach (var other in after ?? [])
        {
            while (!await ledger.HasEndedAsync(other))
                await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
