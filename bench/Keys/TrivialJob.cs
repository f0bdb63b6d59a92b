using Asdamir.Data.HangfireJobs;

namespace Keys;

/// <summary>Notes that it began.</summary>
public sealed class TrivialJob : IJob<Number>
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

public sealed record Number(int Value);
