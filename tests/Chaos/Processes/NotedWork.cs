using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Kit;

namespace Chaos.Processes;

/// <summary>Records when it begins and how it ends.</summary>
/// <param name="ledger">Where it records that.</param>
/// <param name="effects">What it writes in the transaction in which it ends.</param>
public abstract class NotedWork(Ledger ledger, Effects effects) : IJob<WorkOrder>
{
    private const int Places = 8;

    public async Task<JobResult> ExecuteAsync(WorkOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        // A process may execute an attempt twice at the same time: a crash of the database undoes claims.
        var execution = Guid.NewGuid();
        Note("begun", $" {args.App} {args.Kind} {args.Tag} {args.Failures}");
        try
        {
            await (args.Kind switch
            {
                JobKind.Stepped => DoStepsAsync(),
                JobKind.Cursored => MoveCursorAsync(),
                JobKind.Transacted => EndInTransactionAsync(),
                _ => args.Milliseconds > 0 ? Task.Delay(args.Milliseconds, ct) : Task.CompletedTask,
            });
        }
        // The job was given to another worker: this attempt is over.
        catch (JobLostException)
        {
            Note("cancelled");
            throw;
        }
        catch (OperationCanceledException)
        {
            Note("cancelled");
            throw;
        }
        // Its transaction, whose outcome only the database knows.
        catch (Exception) when (args.Kind == JobKind.Transacted)
        {
            Note("failed");
            throw;
        }
        if (ctx.Attempt <= args.Failures)
        {
            Note("failed");
            return JobResult.Failure($"Attempt {ctx.Attempt} fails, as ordered.");
        }
        Note("ended");
        return JobResult.Success();

        // What a step returns is what is stored, so it is the same in every execution.
        async Task DoStepsAsync()
        {
            foreach (var step in (string[])["load", "charge", "mail"])
            {
                var value = await ctx.StepAsync(
                    step,
                    async token =>
                    {
                        await Task.Delay(args.Milliseconds, token);
                        return Guid.NewGuid();
                    },
                    ct);
                Note("stepped", $" {step} {value:N}");
            }
        }

        // What is saved is there in the next attempt, or something later is.
        async Task MoveCursorAsync()
        {
            var cursor = ctx.Cursor<int>("place");
            var place = await cursor.ReadAsync(ct);
            Note("resumed", $" {place}");
            while (++place <= Places)
            {
                await Task.Delay(args.Milliseconds / Places, ct);
                if (place % 2 == 0)
                {
                    await cursor.SaveAsync(place, ct);
                    Note("saved", $" {place}");
                }
                else
                    cursor.MoveTo(place);
            }
        }

        async Task EndInTransactionAsync()
        {
            await Task.Delay(args.Milliseconds, ct);
            if (ctx.Attempt > args.Failures)
                await effects.WriteAsync(ctx, ct);
        }

        void Note(string word, string more = "") => ledger.Write(string.Create(
            CultureInfo.InvariantCulture, $"{word} {DateTime.UtcNow.Ticks} {ctx.JobId} {execution:N} {ctx.Attempt}{more}"));
    }
}

public sealed class FlowWork(Ledger ledger, Effects effects) : NotedWork(ledger, effects);

[Limit("two", MaxRunning = 2)]
[Limit("one-of-a-key", MaxRunning = 1, Key = nameof(WorkOrder.Key))]
public sealed class FlowLimited(Ledger ledger, Effects effects) : NotedWork(ledger, effects);

[ExclusiveJob]
public sealed class FlowExclusive(Ledger ledger, Effects effects) : NotedWork(ledger, effects);
