using Asdamir.Data.HangfireJobs.Monitoring.Reads;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on runs: one, several, or all that match, in chunks that report their progress.</summary>
internal abstract class StoredJobAction(JobListReader jobs)
{
    private const int MaxRemarks = 100;

    // A storage commits what comes at the same time together. Few enough for the connections of a small pool.
    private const int AtATime = 4;

    public abstract JobActionKind Kind { get; }

    /// <param name="id">The job.</param>
    /// <param name="expected">The state it was seen in; <see langword="null"/> for any from which it may be done.</param>
    /// <param name="isMine">Which queues may be acted on.</param>
    protected abstract JobActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected);

    public JobActionReport OnJobs(
        IEnumerable<string> ids, string? expected, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken) =>
        OnJobs(ids.Select(id => (id, expected)), reason, isMine, progress, cancellationToken);

    /// <param name="seen">The jobs, each with the state it was seen in.</param>
    public JobActionReport OnJobs(
        IEnumerable<(string Id, string? Expected)> seen, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        foreach (var chunk in seen.DistinctBy(static job => job.Id, StringComparer.Ordinal).Chunk(50).TakeWhile(_ => !tally.HasStopped))
            Do(chunk, reason, isMine, tally, progress, cancellationToken);
        return tally.Report;
    }

    /// <param name="filter">Which jobs; those that entered their state after <see cref="JobListFilter.To"/> are left alone.</param>
    /// <param name="name">Gets the ids of the next runs before anything is done to them. If it throws, the action ends there.</param>
    public JobActionReport OnMatching(
        JobListFilter filter, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken,
        Action<IEnumerable<string>>? name = null)
    {
        var tally = new Tally();
        foreach (var chunk in jobs.Chunks(filter).TakeWhile(_ => !tally.HasStopped))
        {
            try
            {
                name?.Invoke(chunk.Select(static job => job.Id));
            }
            catch (Exception)
            {
                tally.Stop(chunk[0].Id, "The audit did not accept this job");
                break;
            }
            Do(chunk.Select(job => (job.Id, (string?)job.State.ToString())), reason, isMine, tally, progress, cancellationToken);
        }
        return tally.Report;
    }

    // Taken in order, so that a job which is left alone when the action stops is followed by none that was not.
    private void Do(
        IEnumerable<(string Id, string? Expected)> chunk, string? reason, Func<string, bool> isMine, Tally tally, IProgress<JobActionReport>? progress,
        CancellationToken cancellationToken)
    {
        (string Id, string? Expected)[] seen = [.. chunk];
        var attempts = new Attempt[seen.Length];
        var taken = 0;

        var helpers = Enumerable.Range(1, Math.Min(AtATime, seen.Length) - 1)
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        Work();
        Task.WaitAll(helpers, CancellationToken.None);

        foreach (var attempt in attempts.Take(taken))
            tally.Add(attempt);
        // What was done until then is reported, and nothing is left half.
        if (taken < seen.Length)
            tally.Stop(seen[taken].Id, "The action was stopped before this job");
        progress?.Report(tally.Report);

        void Work()
        {
            while (Take() is { } index)
                attempts[index] = Try(seen[index].Id, reason, isMine, seen[index].Expected);
        }

        int? Take()
        {
            lock (attempts)
                return taken < seen.Length && !cancellationToken.IsCancellationRequested ? taken++ : null;
        }
    }

    private Attempt Try(string id, string? reason, Func<string, bool> isMine, string? expected)
    {
        try
        {
            return new Attempt(id, Do(id, reason, isMine, expected), null);
        }
        catch (Exception exception)
        {
            return new Attempt(id, null, exception.GetBaseException().Message);
        }
    }

    /// <param name="Id">The job.</param>
    /// <param name="Result">What came of it, or <see langword="null"/> after a failure.</param>
    /// <param name="Failure">Why the storage could not do it.</param>
    private readonly record struct Attempt(string Id, JobActionResult? Result, string? Failure);

    private sealed class Tally
    {
        private readonly List<KeyValuePair<string, string>> _remarks = [];
        private int _done;
        private int _skipped;
        private int _failed;

        public JobActionReport Report => new(_done, _skipped, _failed, [.. _remarks]);

        public void Add(Attempt attempt)
        {
            switch (attempt.Result)
            {
                case null:
                    _failed++;
                    Remark(attempt.Id, attempt.Failure!);
                    break;
                case { Done: true }:
                    _done++;
                    break;
                case var refused:
                    _skipped++;
                    Remark(attempt.Id, refused.Reason!);
                    break;
            }
        }

        public bool HasStopped { get; private set; }

        public void Stop(string id, string why)
        {
            HasStopped = true;
            _failed++;
            Remark(id, $"{why}; it and all that follow were left as they are.");
        }

        private void Remark(string id, string text)
        {
            if (_remarks.Count < MaxRemarks)
                _remarks.Add(KeyValuePair.Create(id, text));
        }
    }
}
