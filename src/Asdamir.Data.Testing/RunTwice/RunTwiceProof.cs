using System.Globalization;
using System.Text;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.Testing.Assertions;
using Asdamir.Data.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>
/// Executes a job once to its end, and then, for each of its effects in a fresh host, to that effect and once more to its end. What is left
/// must be the same.
/// </summary>
/// <param name="start">Starts a fresh host.</param>
/// <param name="jobType">The job type.</param>
/// <param name="args">Its arguments; <see langword="null"/> for a job type without any.</param>
/// <param name="snapshot">Shows what must be the same.</param>
internal sealed class RunTwiceProof(
    Func<Action<IServiceCollection>, CancellationToken, Task<JobHost>> start,
    Type jobType,
    object? args,
    Func<IServiceProvider, Task<object?>> snapshot)
{
    private const string Return = "the return of the job";

    /// <returns>The effects.</returns>
    /// <exception cref="JobAssertionException">What is left is not the same.</exception>
    public async Task<IReadOnlyList<string>> ProveAsync(int mostEffects, CancellationToken cancellationToken)
    {
        var once = await ExecuteAsync(endAfter: null, cancellationToken).ConfigureAwait(false);
        if (once.Last.State != JobState.Succeeded)
        {
            throw new JobAssertionException(
                $"A job is run twice only when it succeeds when it is run once, with all that the delegate of StartAsync arranges. "
                    + RunText.NotSucceeded(once.Last),
                once.Last.Exception);
        }
        if (once.Effects.Count > mostEffects)
        {
            throw new JobAssertionException(
                $"{jobType.Name} has {once.Effects.Count} effects, and each is tried in a fresh host. Fix: pass arguments with less work, "
                    + $"or raise {nameof(JobHostOptions)}.{nameof(JobHostOptions.MaxRuns)}, which is {mostEffects}.");
        }
        List<(string Effect, Execution Execution)> different = [];
        for (var number = 1; number <= once.Effects.Count; number++)
        {
            var twice = await ExecuteAsync(number, cancellationToken).ConfigureAwait(false);
            if (twice.Before != once.Before)
                throw new JobAssertionException(Shared(once.Before, twice.Before));
            if (twice.Last.State != JobState.Succeeded || twice.After != once.After)
                different.Add((twice.Effects.ElementAtOrDefault(number - 1) ?? "its end", twice));
        }
        return different.Count == 0
            ? once.Effects
            : throw new JobAssertionException(
                Different(once, different),
                different.Select(static one => one.Execution.Last.Exception).FirstOrDefault(static exception => exception is not null));
    }

    private async Task<Execution> ExecuteAsync(int? endAfter, CancellationToken cancellationToken)
    {
        await using var host = await start(services => WatchedJob.Add(services, jobType), cancellationToken).ConfigureAwait(false);
        var before = await Snapshot.TakeAsync(host.Services, snapshot, cancellationToken).ConfigureAwait(false);
        var jobId = await host.EnqueueForTestAsync(jobType, args).ConfigureAwait(false);
        var runner = host.Services.GetRequiredService<JobRunner>();
        var job = host.Services.GetRequiredService<WatchedJob>();
        var gate = job.Gate = new EffectGate(endAfter);
        var run = await runner.RunAsync(jobId, CallOf(gate), gate.Ended, cancellationToken).ConfigureAwait(false);
        if (run is null)
        {
            job.Gate = new EffectGate(endAfter: null);
            run = await runner.RunAsync(jobId, cancellationToken).ConfigureAwait(false);
        }
        var after = await Snapshot.TakeAsync(host.Services, snapshot, cancellationToken).ConfigureAwait(false);
        return new Execution(gate.Effects, before, run, after);
    }

    private static ManualJobCall CallOf(EffectGate gate) => async (context, call) =>
    {
        var result = await call(new WatchedContext(context, gate)).ConfigureAwait(false);
        if (result.Outcome == JobOutcome.Success)
            await gate.PassAsync(Return).ConfigureAwait(false);
        return result;
    };

    private string Different(Execution once, List<(string Effect, Execution Execution)> different)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{jobType.Name} must not be executed twice. When its process ends after {different[0].Effect}, "
                + $"and it is executed again, what is left is not the same.");
        text.AppendLine(CultureInfo.InvariantCulture, $"  executed once: {once.After}");
        foreach (var (effect, execution) in different)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  again after {effect}: {execution.After}");
            if (execution.Last.State != JobState.Succeeded)
                text.AppendLine("    " + RunText.NotSucceeded(execution.Last).ReplaceLineEndings(Environment.NewLine + "    "));
        }
        text.Append("  Fix: let what follows find out what was done, such as by a key that is the same in both attempts (ctx.JobId), a "
            + "step, or a unique key of an enqueued job.");
        return text.ToString();
    }

    private string Shared(string first, string second) =>
        $"{jobType.Name} cannot be run twice for comparison: the snapshot differs before the job is executed, so hosts share something."
            + $"{Environment.NewLine}  in the first host: {first}{Environment.NewLine}  in another host: {second}{Environment.NewLine}"
            + "  Fix: let the delegate of StartAsync create what the snapshot shows: AddSingleton<FakeMail>() in place of an instance of "
            + "the test, and a new database for each host.";

    /// <param name="Effects">The effects of the first attempt.</param>
    /// <param name="Before">The snapshot before it.</param>
    /// <param name="Last">The last attempt.</param>
    /// <param name="After">The snapshot after it.</param>
    private sealed record Execution(IReadOnlyList<string> Effects, string Before, JobRun Last, string After);
}
