using Asdamir.Data.Storage;
using Chaos.Faults;

namespace Chaos.Accounts;

/// <summary>Everything that was asked for beside everything that was done.</summary>
internal sealed class Account(
    Books books, IReadOnlyList<InjectedFault> faults, SqlJobStorage storage, IReadOnlyList<string> accidents, long withoutState)
{
    public Books Books => books;

    public IReadOnlyList<InjectedFault> Faults => faults;

    public IReadOnlyList<string> Accidents => accidents;

    /// <summary>Rows of jobs that never got a state.</summary>
    public long WithoutState => withoutState;

    /// <summary>Continuations that did not wait for a committed success.</summary>
    public List<string> EarlyStarts { get; } = [.. Accounts.EarlyStarts.Find(books, storage)];

    public Doubles Doubles { get; } = new(books.Executions, faults);

    public Delays Delays { get; } = new(books, faults);

    public List<(Execution First, Execution Second, InjectedFault? Reason)> Overlaps { get; } =
    [
        .. Accounts.Overlaps.Find(
            books.Executions, faults,
            static execution => execution.Kind == Processes.JobKind.Exclusive ? execution.App : null)
    ];

    /// <summary>Jobs of one limit that were executed at the same time although it had no room.</summary>
    public List<(Execution First, Execution Second, InjectedFault? Reason)> BeyondLimits { get; } = FindBeyondLimits(books, faults);

    /// <summary>Jobs of one unique key that were executed at the same time, so the key had two jobs.</summary>
    public List<(Execution First, Execution Second, InjectedFault? Reason)> SharedKeys { get; } = FindSharedKeys(books, faults);

    /// <summary>Keys of calls that have made several jobs.</summary>
    public List<string> RepeatedKeys { get; } = FindRepeatedKeys(books);

    /// <summary>Jobs that were enqueued or begun and never done, each with its last state.</summary>
    public List<string> Lost { get; } = FindLost(books, storage);

    /// <summary>Executed by a worker of another app.</summary>
    public List<Execution> Strayed { get; } = [.. books.Executions.Where(static execution => execution.App != execution.Life.App)];

    /// <summary>
    /// Steps that returned one result and later another: a stored step was done again, or a worker that had lost its job stored one.
    /// </summary>
    public List<string> ChangedSteps { get; } =
    [
        .. books.Steps.Distinct().GroupBy(static step => (step.JobId, step.Step)).Where(static results => results.Count() > 1)
            .Select(static results =>
                $"job {results.Key.JobId} {results.Key.Step}: {string.Join(", ", results.Select(static one => one.Result))}"),
    ];

    /// <summary>Attempts that began with a cursor behind what an earlier one had stored.</summary>
    public List<string> CursorsBehind { get; } =
    [
        .. from job in books.Cursors.GroupBy(static note => note.JobId)
           from begun in job.Where(static note => !note.IsSaved)
           let saved = job.Where(note => note.IsSaved && note.At < begun.At).Max(static note => (int?)note.Value) ?? 0
           where begun.Value < saved
           select $"job {job.Key} began at {begun.Value} {begun.At:HH:mm:ss.fff} behind {saved}",
    ];

    /// <summary>Jobs that have succeeded in a transaction without exactly one effect of it, or have one and have not succeeded.</summary>
    public List<string> WrongEffects { get; } = FindWrongEffects(books, storage);

    /// <summary>Calls that reported that nothing was written, although it was.</summary>
    public List<Request> WronglyRefused { get; } = FindWronglyRefused(books);

    /// <summary>Calls that failed with an exception that is not documented.</summary>
    public List<Request> Errors { get; } =
    [
        .. books.Requests.Where(static request => request.Refusal?.StartsWith("error", StringComparison.Ordinal) == true)
    ];

    /// <summary>Attempts that failed although the job did not.</summary>
    public int AttemptsUsedUp { get; } = books.Executions.GroupBy(static execution => execution.JobId)
        .Sum(static job => Math.Max(job.Max(static execution => execution.Attempt) - job.First().Failures - 1, 0));

    /// <summary>Jobs whose id no caller received, because it was killed or got no answer, and which were done nevertheless.</summary>
    public int Unannounced { get; } = CountUnannounced(books);

    public bool IsClean =>
        Lost.Count == 0 && Strayed.Count == 0 && WronglyRefused.Count == 0 && Errors.Count == 0 && accidents.Count == 0 && withoutState == 0
            && EarlyStarts.Count == 0 && ChangedSteps.Count == 0 && CursorsBehind.Count == 0 && WrongEffects.Count == 0
        && RepeatedKeys.Count == 0
        && Overlaps.TrueForAll(static overlap => overlap.Reason is not null)
        && BeyondLimits.TrueForAll(static overlap => overlap.Reason is not null)
        && SharedKeys.TrueForAll(static overlap => overlap.Reason is not null)
        && Doubles.All.TrueForAll(static again => again.Reason is not null);

    private static List<string> FindLost(Books books, SqlJobStorage storage)
    {
        var done = books.Finished();
        using var connection = storage.GetConnection();
        return
        [
            .. from jobId in books.Requests.Select(static request => request.JobId)
                .Concat(books.Executions.Select(static execution => execution.JobId)).OfType<string>().Distinct()
               let state = connection.GetStateData(jobId)
               where state?.Name != "Succeeded" || !done.Contains(jobId)
               select $"job {jobId}: {state?.Name ?? "does not exist"} ({state?.Reason}), executions: "
                   + $"{string.Join(", ", books.Executions.Where(execution => execution.JobId == jobId).Select(static execution => $"{execution.Begun:HH:mm:ss} {execution.Life.Name} attempt {execution.Attempt} {execution.Outcome ?? "no end"}"))}",
        ];
    }

    private static List<(Execution First, Execution Second, InjectedFault? Reason)> FindSharedKeys(
        Books books, IReadOnlyList<InjectedFault> faults)
    {
        var keys = books.Requests.Where(static request => request.Kind == Processes.JobKind.Unique)
            .ToDictionary(static request => request.Tag, static request => request.Key);
        return
        [
            .. Accounts.Overlaps.Find(
                books.Executions, faults,
                execution => keys.GetValueOrDefault(execution.Tag) is { } key ? $"{execution.App} {key}" : null)
                .Where(static overlap => overlap.First.JobId != overlap.Second.JobId),
        ];
    }

    // Of a key only one, of all keys two.
    private static List<(Execution First, Execution Second, InjectedFault? Reason)> FindBeyondLimits(
        Books books, IReadOnlyList<InjectedFault> faults)
    {
        var keys = books.Requests.Where(static request => request.Kind == Processes.JobKind.Limited)
            .ToDictionary(static request => request.Tag, static request => request.Key);
        return
        [
            .. Accounts.Overlaps.Find(
                books.Executions, faults,
                execution => keys.GetValueOrDefault(execution.Tag) is { } key ? $"{execution.App} {key}" : null),
            .. Accounts.Overlaps.Find(
                books.Executions, faults,
                static execution => execution.Kind == Processes.JobKind.Limited ? execution.App : null, most: 2),
        ];
    }

    private static List<string> FindRepeatedKeys(Books books)
    {
        var calls = books.Requests.Where(static request => request.Kind == Processes.JobKind.Idempotent).ToList();
        var keys = calls.ToDictionary(static request => request.Tag, static request => request.Key);
        return
        [
            .. from job in calls.Select(static request => (request.Key, request.JobId))
                .Concat(books.Executions.Select(execution => (Key: keys.GetValueOrDefault(execution.Tag), JobId: (string?)execution.JobId)))
               where job.Key is not null && job.JobId is not null
               group job.JobId by job.Key into jobs
               where jobs.Distinct().Count() > 1
               select $"{jobs.Key}: jobs {string.Join(", ", jobs.Distinct())}",
        ];
    }

    private static List<string> FindWrongEffects(Books books, SqlJobStorage storage)
    {
        var effects = books.Effects.CountBy(static jobId => jobId).ToDictionary();
        using var connection = storage.GetConnection();
        return
        [
            .. from jobId in books.Executions.Where(static execution => execution.Kind == Processes.JobKind.Transacted)
                .Select(static execution => execution.JobId).Distinct()
               let state = connection.GetStateData(jobId)?.Name
               let count = effects.GetValueOrDefault(jobId)
               where count != (state == "Succeeded" ? 1 : 0)
               select $"job {jobId} is {state ?? "gone"} with {count} effects",
        ];
    }

    private static List<Request> FindWronglyRefused(Books books)
    {
        var executed = books.Executions.Select(static execution => execution.Tag).ToHashSet();
        return
        [
            .. books.Requests.Where(
                request => request.Refusal?.StartsWith("refused", StringComparison.Ordinal) == true && executed.Contains(request.Tag))
        ];
    }

    private static int CountUnannounced(Books books)
    {
        var announced = books.Requests.Select(static request => request.JobId).OfType<string>().ToHashSet();
        return books.Executions.Where(execution => execution.Kind != Processes.JobKind.Recurring && !announced.Contains(execution.JobId))
            .DistinctBy(static execution => execution.JobId).Count();
    }
}
