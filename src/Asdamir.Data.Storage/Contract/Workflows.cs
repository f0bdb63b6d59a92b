using System.Globalization;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Answers <see cref="IJobWorkflows"/>.</summary>
internal sealed class Workflows(StorageEngine engine)
{
    private const int MostRows = 1_000;
    private const int MostEdges = 10_000;
    private const int LongestNote = 500;
    private const int Chunk = 200;

    // As often as another process may change the same job.
    private const int MaxTries = 10;

    public JobWorkflowStatus? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return JobIds.TryParse(id, out var number) ? WorkflowTable.Find(engine.Database, number) : null;
    }

    public IReadOnlyList<JobWorkflowStatus> List(string? queue, string? before, int count)
    {
        Check(count, MostRows);
        if (before is null)
            return WorkflowTable.List(engine.Database, StorableText.OrNull(queue), null, count);
        return JobIds.TryParse(before, out var id) ? WorkflowTable.List(engine.Database, StorableText.OrNull(queue), id, count) : [];
    }

    public IReadOnlyList<JobWorkflowMember> Members(string id, string? after, int count)
    {
        ArgumentNullException.ThrowIfNull(id);
        Check(count, MostRows);
        var first = 0L;
        return JobIds.TryParse(id, out var number) && (after is null || JobIds.TryParse(after, out first))
            ? WorkflowTable.Members(engine.Database, number, first, count)
            : [];
    }

    public IReadOnlyList<JobWorkflowEdge> Edges(IReadOnlyCollection<string> jobIds, int count)
    {
        ArgumentNullException.ThrowIfNull(jobIds);
        Check(count, MostEdges);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jobIds.Count, MostRows, nameof(jobIds));
        List<long> ids = [];
        foreach (var jobId in jobIds)
        {
            if (JobIds.TryParse(jobId, out var id))
                ids.Add(id);
        }
        return WorkflowTable.Edges(engine.Database, [.. ids], count);
    }

    public IReadOnlyList<JobWorkflowParent> Parents(string jobId)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        return JobIds.TryParse(jobId, out var id) ? WorkflowTable.Parents(engine.Database, id) : [];
    }

    public IReadOnlyList<string>? Cancel(string id, string by, string? reason)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        if (!JobIds.TryParse(id, out var number)
            || !WorkflowTable.Cancel(engine.Database, number, Shortened(by), reason is null ? null : Shortened(reason)))
        {
            return null;
        }
        // Those that wait first, so that the end of the others begins none of them.
        var text = reason is null ? $"Its workflow was cancelled by {by}" : $"Its workflow was cancelled by {by}: {reason}";
        foreach (var chunk in NotEnded(number, isWaiting: true))
            Delete(chunk, Shortened(text));
        return
        [
            .. NotEnded(number, isWaiting: false)
                .SelectMany(chunk => Delete(chunk, Shortened(text)))
                .Select(static id => id.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    private IEnumerable<long[]> NotEnded(long workflow, bool isWaiting)
    {
        var last = 0L;
        while (WorkflowTable.NotEnded(engine.Database, workflow, last, isWaiting, Chunk) is { Count: > 0 } ids)
        {
            last = ids[^1];
            yield return [.. ids];
        }
    }

    /// <returns>Those of the jobs that are executed or scheduled.</returns>
    private List<long> Delete(long[] ids, string reason)
    {
        for (var tries = 1; ; tries++)
        {
            var (set, others) = Deletion(ids, reason);
            try
            {
                if (!set.IsEmpty)
                    engine.Write(set);
                return others;
            }
            catch (WriteConflictException) when (ids.Length > 1 && tries == MaxTries)
            {
                return [.. ids.SelectMany(id => Delete([id], reason))];
            }
            catch (WriteConflictException) when (tries < MaxTries)
            {
                // Read again.
            }
        }
    }

    private (WriteSet Set, List<long> Others) Deletion(long[] ids, string reason)
    {
        var set = new WriteSet();
        List<long> others = [];
        foreach (var row in JobTable.Rows(engine.Database, ids))
        {
            if (row.State is JobStates.Awaiting or JobStates.Enqueued)
                Delete(set, row, reason);
            else if (JobStates.IsActive(row.State))
                others.Add(row.Id);
        }
        return (set, others);
    }

    private void Delete(WriteSet set, JobRow row, string reason)
    {
        var now = Micros.Now(engine.Database.Time);
        var job = set.Job(row.Id);
        job.Row = row;
        job.ExpectedVersion = row.Version;
        job.ReplacesParameters = row.HasBrokenParameters;
        job.KeepsOwnRetention = true;
        job.Enter(new StateWrite(JobStates.Deleted, reason, now, StateText.Deleted(now)));
        job.Expire(Micros.After(engine.Database.Time, TimeSpan.FromDays(1)));
        if (row.State == JobStates.Awaiting)
            set.Data.Add(new DataWrite(DataChange.SetRemove, DueSets.Awaiting, JobIds.Format(row.Id)));
        set.Count("stats:deleted", 1, null);
    }

    private static void Check(int count, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, most);
    }

    private static string Shortened(string text) => StorableText.Of(text.Length > LongestNote ? text[..LongestNote] : text);
}
