using System.Diagnostics;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Kit;

namespace IsolationUnderLoad;

/// <summary>When a job was asked for, on the clock all processes share, and in which phase.</summary>
public sealed record Asked(string Phase, long At);

/// <summary>A job of B: it notes how long it took from before the enqueue call to its first line.</summary>
public sealed class PickUp(Ledger ledger) : IJob<Asked>
{
    public Task<JobResult> ExecuteAsync(Asked args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ledger.Write(string.Create(CultureInfo.InvariantCulture, $"{args.Phase} {Stopwatch.GetElapsedTime(args.At).TotalMilliseconds}"));
        return Task.FromResult(JobResult.Success());
    }
}

/// <summary>The jobs of A.</summary>
public sealed record Load(LoadKind Kind);

public enum LoadKind
{
    Trivial,
    Failing,
    Hanging,
    Crashing,
}

public sealed class Surge : IJob<Load>
{
    public async Task<JobResult> ExecuteAsync(Load args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        switch (args.Kind)
        {
            case LoadKind.Failing:
                return JobResult.Failure("It always fails.");
            case LoadKind.Hanging:
                // And takes no notice of its token.
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case LoadKind.Crashing:
                Process.GetCurrentProcess().Kill();
                break;
        }
        return JobResult.Success();
    }
}
