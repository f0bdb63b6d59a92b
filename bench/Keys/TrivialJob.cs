using Asdamir.Data.HangfireJobs;

namespace Keys;

/// <summary>Notes that it began.</summary>
public class TrivialJob : IJob<Number>
{
    private static TaskCompletionSource _done = new();
    private static int[] _places = [];
    private static int _begun;

    /// <summary>Ends when all expected jobs have begun.</summary>
    internal static Task Done => _done.Task;

    internal static void Expect(int jobs) =>
        (_places, _begun, _done) = (new int[jobs], 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>How many jobs began before this one.</summary>
    internal static int PlaceOf(int number) => _places[number];

    public Task<JobResult> ExecuteAsync(Number args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        var begun = Interlocked.Increment(ref _begun);
        _places[args.Value] = begun - 1;
        if (begun == _places.Length)
            _done.TrySetResult();
        return Task.FromResult(JobResult.Success());
    }
}

[Limit("roomy", MaxRunning = 1_000)]
public sealed class RoomyJob : TrivialJob;

[Limit("keyed", MaxRunning = 5, Key = nameof(Number.Key))]
public sealed class KeyedJob : TrivialJob;

/// <summary>Waits for room that there is not.</summary>
[Limit("closed", MaxRunning = 1)]
public sealed class ClosedJob : TrivialJob;

public sealed record Number(int Value)
{
    /// <summary>With which other jobs it shares a limit.</summary>
    public int Key => Value % 100;
}
