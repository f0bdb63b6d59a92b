using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Kit;

namespace Chaos.Processes;

/// <summary>The task of a job.</summary>
/// <param name="Tag">Finds it again when the enqueue call got no answer.</param>
/// <param name="App">The app it belongs to.</param>
/// <param name="Kind">What kind of job it is.</param>
/// <param name="Milliseconds">How long it takes.</param>
/// <param name="Failures">How many attempts fail.</param>
public sealed record WorkOrder(string Tag, string App, JobKind Kind, int Milliseconds = 0, int Failures = 0);

public enum JobKind
{
    Enqueued,
    Many,
    Delayed,
    Retried,
    Continued,
    Exclusive,
    Slow,
    Recurring,
    Stepped,
}

/// <summary>Records when it begins and how it ends.</summary>
public abstract class NotedWork(Ledger ledger) : IJob<WorkOrder>
{
    public async Task<JobResult> ExecuteAsync(WorkOrder args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(ctx);
        Note("begun", $" {args.App} {args.Kind} {args.Tag} {args.Failures}");
        try
        {
            if (args.Kind == JobKind.Stepped)
                await DoStepsAsync();
            else if (args.Milliseconds > 0)
                await Task.Delay(args.Milliseconds, ct);
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

        void Note(string word, string more = "") =>
            ledger.Write(string.Create(CultureInfo.InvariantCulture, $"{word} {DateTime.UtcNow.Ticks} {ctx.JobId} {ctx.Attempt}{more}"));
    }
}

public sealed class FlowWork(Ledger ledger) : NotedWork(ledger);

[ExclusiveJob]
public sealed class FlowExclusive(Ledger ledger) : NotedWork(ledger);
