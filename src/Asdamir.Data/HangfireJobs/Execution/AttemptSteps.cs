using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The steps of one attempt. Several of them may be under way at once.</summary>
/// <param name="notes">Where they are stored.</param>
/// <param name="attempt">Returns the number of the attempt.</param>
/// <param name="count">Counts a step, and whether an earlier attempt had done it.</param>
/// <param name="time">The clock.</param>
/// <param name="token">The token of the attempt.</param>
internal sealed class AttemptSteps(
    AttemptNotes notes, Func<int> attempt, Action<bool> count, TimeProvider time, CancellationToken token)
{
    public const int MaxSteps = 1_000;

    /// <summary>The most characters of JSON that the results of a job may take together.</summary>
    public const int MaxCharacters = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredStep> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private Task? _loading;
    private int _next;
    private int _characters;
    private string? _closedBecause;

    public Task DoAsync(string name, Func<CancellationToken, Task> step, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(step);
        return ExecuteAsync<object?>(
            name,
            async given =>
            {
                await Started(step(given), name).ConfigureAwait(false);
                return null;
            },
            ct);
    }

    public Task<T> DoAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(step);
        return ExecuteAsync(name, given => Started(step(given), name), ct, Describe(name));
    }

    /// <summary>Refuses further steps.</summary>
    public void Close(string because)
    {
        lock (_gate)
            _closedBecause ??= because;
    }

    private static Task Started(Task? step, string name) => step ?? throw Fault($"Step '{name}' returned null instead of a task.");

    private static Task<T> Started<T>(Task<T>? step, string name) =>
        step ?? throw Fault($"Step '{name}' returned null instead of a task.");

    private static string Describe(string name) => $"The result of step '{name}'";

    private async Task<T> ExecuteAsync<T>(
        string name, Func<CancellationToken, Task<T>> step, CancellationToken ct, string? checkedAs = null)
    {
        StepNames.Check(name, "step");
        Begin(name);
        var given = ct.CanBeCanceled ? ct : token;
        try
        {
            await _loading!.WaitAsync(given).ConfigureAwait(false);
            if (_done.TryGetValue(name, out var stored))
            {
                var reused = StoredValue.Read<T>(stored.Result, Describe(name))!;
                count(true);
                return reused;
            }
            if (checkedAs is not null)
                Permanent(() => StoredValue.Check<T>(checkedAs));
            return await DoAndStoreAsync(name, step, given).ConfigureAwait(false);
        }
        catch
        {
            // The job may try it again.
            lock (_gate)
                _begun.Remove(name);
            throw;
        }
    }

    private async Task<T> DoAndStoreAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken given)
    {
        CheckCount(name);
        notes.ThrowIfLost($"step '{name}'");
        given.ThrowIfCancellationRequested();
        var startedAt = time.GetUtcNow();
        var result = await step(given).ConfigureAwait(false);
        var json = Permanent(() => StoredValue.Write(result, Describe(name)));
        var read = Permanent(() => StoredValue.Read<T>(json, Describe(name)));
        var done = new StoredStep(name, startedAt, time.GetUtcNow(), attempt(), json);
        await notes.WriteAsync(
            new Dictionary<string, string> { [StepNotes.NameOf(StepNotes.StepPrefix, Place(name, json))] = StepNotes.Write(done) },
            $"step '{name}'", token).ConfigureAwait(false);
        count(false);
        return read!;
    }

    private void Begin(string name)
    {
        lock (_gate)
        {
            ThrowIfClosed(name);
            notes.ThrowIfLost($"step '{name}'");
            if (!_begun.Add(name))
            {
                throw Fault(
                    $"Job {notes.JobId} has two steps named '{name}' in one attempt, of which only one could have the stored result. "
                        + "Fix: give each step another name, such as 'mail-1' and 'mail-2' in a loop.");
            }
            _loading ??= LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var stored = await notes.ReadAsync(StepNotes.StepPrefix, token).ConfigureAwait(false);
        foreach (var (number, step) in StepNotes.Steps(stored))
        {
            if (step is null || !_done.TryAdd(step.Name, step))
            {
                throw new JobStepException(
                    $"A stored step of job {notes.JobId} (number {number}) cannot be read, so it is not known what was done. "
                        + "Fix: delete the job and enqueue it again.");
            }
            _next = number + 1;
            _characters += step.Result.GetRawText().Length;
        }
    }

    // Those that are under way count, too.
    private void CheckCount(string name)
    {
        lock (_gate)
        {
            if (_done.Count + _begun.Count(begun => !_done.ContainsKey(begun)) > MaxSteps)
            {
                throw Fault(
                    $"Job {notes.JobId} has {MaxSteps:N0} steps, which is the limit, and wants '{name}'. "
                        + "Fix: use a cursor for what is done in a loop, or a job for each part.");
            }
        }
    }

    private int Place(string name, System.Text.Json.JsonElement result)
    {
        lock (_gate)
        {
            ThrowIfClosed(name);
            var characters = _characters + result.GetRawText().Length;
            if (characters > MaxCharacters)
            {
                throw Fault(
                    $"The results of the steps of job {notes.JobId} take {characters:N0} characters of JSON with '{name}'; "
                        + $"the limit is {MaxCharacters:N0}. Fix: store the data elsewhere, and its id here.");
            }
            _characters = characters;
            return _next++;
        }
    }

    private void ThrowIfClosed(string name)
    {
        if (_closedBecause is { } because)
            throw new InvalidOperationException($"Step '{name}' of job {notes.JobId} was not stored, because {because}.");
    }

    private static JobStepException Fault(string message) => (JobStepException)PermanentFailures.Mark(new JobStepException(message));

    private static void Permanent(Action check) => Permanent(() =>
    {
        check();
        return true;
    });

    // Repeating the step would do its work again, with the same end.
    private static T Permanent<T>(Func<T> convert)
    {
        try
        {
            return convert();
        }
        catch (JobStepException exception)
        {
            PermanentFailures.Mark(exception);
            throw;
        }
    }
}
