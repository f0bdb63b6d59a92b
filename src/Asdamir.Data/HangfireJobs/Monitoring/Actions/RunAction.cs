using Asdamir.Data.HangfireJobs.Monitoring.Reads;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on runs: one, several, or all that match, in chunks that report their progress.</summary>
internal abstract class RunAction(RunsReader runs)
{
    private const int MaxRemarks = 100;

    public abstract JobActionKind Kind { get; }

    /// <param name="id">The run.</param>
    /// <param name="expected">The state it was seen in; <see langword="null"/> for any from which it may be done.</param>
    /// <param name="isMine">Which queues may be acted on.</param>
    protected abstract RunActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected);

    public JobActionReport OnRuns(
        IEnumerable<string> ids, string? expected, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken) =>
        OnRuns(ids.Select(id => (id, expected)), reason, isMine, progress, cancellationToken);

    /// <param name="seen">The runs, each with the state it was seen in.</param>
    public JobActionReport OnRuns(
        IEnumerable<(string Id, string? Expected)> seen, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        foreach (var chunk in seen.DistinctBy(static run => run.Id, StringComparer.Ordinal).Chunk(50).TakeWhile(_ => !tally.HasStopped))
            Do(chunk, reason, isMine, tally, progress, cancellationToken);
        return tally.Report;
    }

    /// <param name="filter">Which runs; those that entered their state after <see cref="RunFilter.To"/> are left alone.</param>
    public JobActionReport OnMatching(
        RunFilter filter, string? reason, Func<string, bool> isMine, IProgress<JobActionReport>? progress, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        foreach (var chunk in runs.Chunks(filter).TakeWhile(_ => !tally.HasStopped))
            Do(chunk.Select(run => (run.Id, (string?)run.State.ToString())), reason, isMine, tally, progress, cancellationToken);
        return tally.Report;
    }

    private void Do(
        IEnumerable<(string Id, string? Expected)> chunk, string? reason, Func<string, bool> isMine, Tally tally, IProgress<JobActionReport>? progress,
        CancellationToken cancellationToken)
    {
        foreach (var (id, expected) in chunk)
        {
            // What was done until then is reported, and nothing is left half.
            if (cancellationToken.IsCancellationRequested)
            {
                tally.Stop(id);
                break;
            }
            try
            {
                tally.Add(id, Do(id, reason, isMine, expected));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                tally.Fail(id, exception);
            }
        }
        progress?.Report(tally.Report);
    }

    private sealed class Tally
    {
        private readonly List<KeyValuePair<string, string>> _remarks = [];
        private int _done;
        private int _skipped;
        private int _failed;

        public JobActionReport Report => new(_done, _skipped, _failed, [.. _remarks]);

        public void Add(string id, RunActionResult result)
        {
            if (result.Done)
            {
                _done++;
                return;
            }
            _skipped++;
            Remark(id, result.Reason!);
        }

        public bool HasStopped { get; private set; }

        public void Stop(string id)
        {
            HasStopped = true;
            _failed++;
            Remark(id, "The action was stopped before this run; it and all that follow were left as they are.");
        }

        public void Fail(string id, Exception exception)
        {
            _failed++;
            Remark(id, exception.GetBaseException().Message);
        }

        private void Remark(string id, string text)
        {
            if (_remarks.Count < MaxRemarks)
                _remarks.Add(KeyValuePair.Create(id, text));
        }
    }
}
