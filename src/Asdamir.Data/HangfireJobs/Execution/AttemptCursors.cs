using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;
using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The cursors of one attempt: what was set is stored at most once a second, and at the end.</summary>
internal sealed partial class AttemptCursors(AttemptNotes notes, TimeProvider time, ILogger log, CancellationToken token) : IAsyncDisposable
{
    public const int MaxCursors = 20;

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly Dictionary<string, JsonElement> _set = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private Task? _loading;
    private PeriodicTimer? _timer;
    private bool _isPaused;
    private string? _closedBecause;

    public void Add(string name)
    {
        lock (_gate)
        {
            if (_names.Count == MaxCursors && !_names.Contains(name))
                throw TooMany(name);
            _names.Add(name);
        }
    }

    public async Task<T?> ReadAsync<T>(string name, CancellationToken ct)
    {
        await LoadAsync().WaitAsync(ct).ConfigureAwait(false);
        JsonElement value;
        lock (_gate)
        {
            if (!_set.TryGetValue(name, out value) && !_stored.TryGetValue(name, out value))
                return default;
        }
        return StoredValue.Read<T>(value, Describe(name));
    }

    public void MoveTo<T>(string name, T value)
    {
        var json = Write(name, value);
        lock (_gate)
        {
            Keep(name, json);
            if (_timer is not null)
                return;
            _timer = new PeriodicTimer(SaveInterval, time);
            _ = SaveEachSecondAsync(_timer);
        }
    }

    public Task SaveAsync<T>(string name, T value, CancellationToken ct)
    {
        var json = Write(name, value);
        lock (_gate)
            Keep(name, json);
        return SaveAsync(token).WaitAsync(ct);
    }

    /// <summary>Refuses further values.</summary>
    public void Close(string because)
    {
        lock (_gate)
            _closedBecause ??= because;
    }

    /// <summary>Awaits the writes that are under way, and begins no others before the attempt ends.</summary>
    public async Task PauseAsync()
    {
        if (!_isPaused)
            await _saving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _isPaused = true;
    }

    /// <summary>Stores what was set last.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        if (_isPaused)
            _saving.Release();
        try
        {
            await SaveAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
        catch (JobLostException)
        {
            // Another worker has the job, and its own values.
        }
        catch (Exception exception)
        {
            Log.NotSaved(log, exception, notes.JobId);
        }
    }

    private static string Describe(string name) => $"The value of cursor '{name}'";

    private static JsonElement Write<T>(string name, T value)
    {
        try
        {
            StoredValue.Check<T>(Describe(name));
            return StoredValue.Write(value, Describe(name));
        }
        catch (JobStepException exception)
        {
            PermanentFailures.Mark(exception);
            throw;
        }
    }

    // Requires the gate.
    private void Keep(string name, JsonElement json)
    {
        if (_closedBecause is { } because)
            throw new InvalidOperationException($"Cursor '{name}' of job {notes.JobId} was not stored, because {because}.");
        notes.ThrowIfLost($"cursor '{name}'");
        _set[name] = json;
        _unsaved.Add(name);
    }

    private async Task SaveEachSecondAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false))
            await TrySaveAsync().ConfigureAwait(false);
    }

    // What failed is saved in the next second. A lost job learns it from its token and its next call.
    private async Task TrySaveAsync()
    {
        try
        {
            if (_saving.CurrentCount > 0)
                await SaveAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.NotSavedNow(log, exception, notes.JobId);
        }
    }

    private async Task SaveAsync(CancellationToken impatience)
    {
        lock (_gate)
        {
            if (_unsaved.Count == 0 && _saving.CurrentCount > 0)
                return;
        }
        await _saving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        List<string> taken = [];
        try
        {
            await LoadAsync().ConfigureAwait(false);
            Dictionary<string, string> changed = [];
            lock (_gate)
            {
                taken.AddRange(_unsaved);
                foreach (var name in taken)
                    changed[StepNotes.NameOf(StepNotes.CursorPrefix, NumberOf(name))] =
                        StepNotes.Write(new StoredCursor(name, time.GetUtcNow(), _set[name]));
                _unsaved.Clear();
            }
            if (changed.Count > 0)
                await notes.WriteAsync(changed, $"cursor '{taken[0]}'", impatience).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
                _unsaved.UnionWith(taken);
            throw;
        }
        finally
        {
            _saving.Release();
        }
    }

    private Task LoadAsync()
    {
        lock (_gate)
        {
            if (_loading is null or { IsFaulted: true } or { IsCanceled: true })
                _loading = LoadNowAsync();
            return _loading;
        }
    }

    private async Task LoadNowAsync()
    {
        var entries = StepNotes.Cursors(await notes.ReadAsync(StepNotes.CursorPrefix, token).ConfigureAwait(false)).ToList();
        lock (_gate)
        {
            foreach (var (number, cursor) in entries)
            {
                if (cursor is null)
                    continue;
                _numbers[cursor.Name] = number;
                _stored[cursor.Name] = cursor.Value;
            }
        }
    }

    // Requires the gate.
    private int NumberOf(string name)
    {
        if (_numbers.TryGetValue(name, out var number))
            return number;
        if (_numbers.Count >= MaxCursors)
            throw TooMany(name);
        number = _numbers.Count == 0 ? 0 : _numbers.Values.Max() + 1;
        return _numbers[name] = number;
    }

    private JobStepException TooMany(string name) => (JobStepException)PermanentFailures.Mark(new JobStepException(
        $"Job {notes.JobId} has {MaxCursors} cursors, which is the limit, and wants '{name}'. "
            + "Fix: use one cursor with a record of values."));

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1106, Level = LogLevel.Warning,
            Message = "The last values of the cursors of job {JobId} were not stored; its next attempt continues from earlier ones")]
        public static partial void NotSaved(ILogger logger, Exception exception, string jobId);

        [LoggerMessage(
            EventId = 1107, Level = LogLevel.Debug,
            Message = "The cursors of job {JobId} were not stored now; the next second tries again")]
        public static partial void NotSavedNow(ILogger logger, Exception exception, string jobId);
    }
}
