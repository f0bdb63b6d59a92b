using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// What remains of a set when some of its new jobs are left out, or replace another job. The set itself stays, as another attempt may
/// decide otherwise.
/// </summary>
internal sealed class KeptWrites
{
    private const string Continuations = "Continuations";
    private const string DeletedJobs = "stats:deleted";

    private readonly KeyOutcome _outcome;

    public KeptWrites(WriteSet all, KeyOutcome outcome)
    {
        _outcome = outcome;
        Set = new WriteSet { Caller = all.Caller };
        foreach (var job in all.Jobs)
            Add(job);
        foreach (var (queue, jobId) in all.Enqueued)
            Enqueue(queue, jobId);
        Set.Completed.AddRange(all.Completed);
        Set.Freed.AddRange(all.Freed);
        Set.MustStillHold.AddRange(all.MustStillHold);
        Set.MustStillExecute.AddRange(all.MustStillExecute);
        Set.Workflows.AddRange(all.Workflows);
        Set.Data.AddRange(all.Data.Select(Kept).OfType<DataWrite>());
        foreach (var (key, (delta, expireAt)) in all.Counters)
            Set.Count(key, delta, expireAt);
        foreach (var (note, value) in all.Notes.Where(note => !outcome.Concerns(note.Key.JobId)))
            Set.Notes[note] = value;
        if (all.LeaseId is { } lease)
            Set.DependOn(lease);
    }

    public WriteSet Set { get; }

    private void Add(JobWrite job)
    {
        if (_outcome.ReplacementBy(job.Id) is { } replacement)
            Replace(replacement);
        else if (_outcome.HolderOf(job.Id) is { } holder)
            Skip(job, holder);
        else if (!_outcome.IsReplaced(job.Id))
            Set.Add(WithKeptChildren(job));
    }

    private void Skip(JobWrite job, long holder)
    {
        if (job.New!.Skipped is not { } skipped)
            return;
        var (state, expireAt) = skipped(holder);
        Set.Add(job.InState(state, expireAt));
        Set.Count(DeletedJobs, 1, null);
    }

    private void Replace(JobReplacement replacement)
    {
        Set.Add(replacement.Write());
        if (replacement.Held is not { } held)
            return;
        Set.Replacements.Add(replacement);
        if (held.Row.State == JobStates.Awaiting)
            Set.Data.Add(new DataWrite(DataChange.SetRemove, DueSets.Awaiting, replacement.Member));
    }

    private void Enqueue(string queue, long jobId)
    {
        if (_outcome.ReplacementBy(jobId) is { } replacement)
        {
            if (replacement.KeepsPlaceIn(queue))
                Set.KeptPlaces.Add((queue, replacement.Held!.Place!.Value));
            else
                Set.Enqueued.Add((queue, replacement.JobId));
        }
        else if (!_outcome.Concerns(jobId))
            Set.Enqueued.Add((queue, jobId));
    }

    // A parent would wait to start those that are left out.
    private JobWrite WithKeptChildren(JobWrite job)
    {
        if (job.Parameters?.GetValueOrDefault(Continuations) is not { } list)
            return job;
        try
        {
            return JsonNode.Parse(list) is JsonArray children && Change(children)
                ? job.With(Continuations, children.ToJsonString())
                : job;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return job;
        }
    }

    // One that replaces another stands for that, which may be in the list already.
    private bool Change(JsonArray children)
    {
        var replacements = children.Select(IdOf).OfType<long>().Select(_outcome.ReplacementBy).OfType<JobReplacement>().ToList();
        var removed = children.RemoveAll(child =>
            IdOf(child) is { } id
                && _outcome.ReplacementBy(id) is null
                && (_outcome.Concerns(id) || replacements.Exists(replacement => replacement.JobId == id)));
        foreach (var child in children)
        {
            if (IdOf(child) is { } id && _outcome.ReplacementBy(id) is { } replacement)
                child![NameOfId((JsonObject)child)!] = replacement.Member;
        }
        return removed > 0 || replacements.Count > 0;
    }

    private static string? NameOfId(JsonObject child) =>
        child.FirstOrDefault(static property => property.Key.Equals("JobId", StringComparison.OrdinalIgnoreCase)).Key;

    private static long? IdOf(JsonNode? child) =>
        child is JsonObject entry && NameOfId(entry) is { } name && entry[name] is { } id ? IdOf(id.ToString()) : null;

    private static long? IdOf(ReadOnlySpan<char> id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // An entry of the set of delayed jobs may begin with the queue.
    private DataWrite? Kept(DataWrite write)
    {
        if (write is not { Change: DataChange.SetAdd, Key: DueSets.Delayed or DueSets.Awaiting, Member: { } member }
            || IdOf(member.AsSpan(member.LastIndexOf(':') + 1)) is not { } id)
        {
            return write;
        }
        return _outcome.ReplacementBy(id) is { } replacement
            ? write with { Member = string.Concat(member.AsSpan(0, member.LastIndexOf(':') + 1), replacement.Member) }
            : _outcome.Concerns(id) ? null
            : write;
    }
}
