namespace Asdamir.Data.Testing.RunTwice;

/// <summary>
/// Counts the effects of one attempt, and ends the attempt after one of them: from then on nothing that the job awaits completes, as if its
/// process had died.
/// </summary>
/// <param name="endAfter">The number of that effect; <see langword="null"/> to end after none.</param>
internal sealed class EffectGate(int? endAfter)
{
    private readonly Lock _lock = new();
    private readonly List<string> _effects = [];
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the attempt is ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The effects so far; the last one is that after which the attempt was ended.</summary>
    public IReadOnlyList<string> Effects
    {
        get
        {
            lock (_lock)
                return [.. _effects];
        }
    }

    /// <summary>Awaited before an effect.</summary>
    /// <returns>A task that never completes when the attempt is ended.</returns>
    public Task EnterAsync()
    {
        lock (_lock)
            return HasEnded ? Never() : Task.CompletedTask;
    }

    /// <summary>Awaited after an effect.</summary>
    /// <param name="effect">What has happened.</param>
    /// <returns>A task that never completes when the attempt is ended.</returns>
    public Task PassAsync(string effect)
    {
        lock (_lock)
        {
            if (HasEnded)
                return Never();
            var call = _calls[effect] = _calls.GetValueOrDefault(effect) + 1;
            _effects.Add(call == 1 ? effect : $"{effect}, call {call}");
            if (!HasEnded)
                return Task.CompletedTask;
            _ended.SetResult();
            return Never();
        }
    }

    private bool HasEnded => _effects.Count >= endAfter;

    // Not a shared one, which would keep all that awaits it.
    private static Task Never() => new TaskCompletionSource().Task;
}
