using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>What remains of a set when some of its new jobs are left out. The set itself stays, as another attempt may keep them.</summary>
internal sealed class KeptWrites
{
    private const string Awaiting = "awaiting";
    private const string Continuations = "Continuations";
    private const string DeletedJobs = "stats:deleted";

    private readonly IReadOnlyDictionary<long, long> _lost;

    public KeptWrites(WriteSet all, IReadOnlyDictionary<long, long> lost)
    {
        _lost = lost;
        Set = new WriteSet { Caller = all.Caller };
        foreach (var job in all.Jobs)
            Add(job);
        Set.Enqueued.AddRange(all.Enqueued.Where(entry => !lost.ContainsKey(entry.JobId)));
        Set.Completed.AddRange(all.Completed);
        Set.MustStillHold.AddRange(all.MustStillHold);
        Set.MustStillExecute.AddRange(all.MustStillExecute);
        Set.Data.AddRange(all.Data.Where(write => !IsAboutLost(write)));
        foreach (var (key, (delta, expireAt)) in all.Counters)
            Set.Count(key, delta, expireAt);
        foreach (var (note, value) in all.Notes.Where(note => !lost.ContainsKey(note.Key.JobId)))
            Set.Notes[note] = value;
        if (all.LeaseId is { } lease)
            Set.DependOn(lease);
    }

    public WriteSet Set { get; }

    private void Add(JobWrite job)
    {
        if (!_lost.TryGetValue(job.Id, out var holder))
        {
            Set.Add(WithoutLostChildren(job));
            return;
        }
        if (job.New!.Skipped is not { } skipped)
            return;
        var (state, expireAt) = skipped(holder);
        Set.Add(job.InState(state, expireAt));
        Set.Count(DeletedJobs, 1, null);
    }

    // A parent would wait to start them.
    private JobWrite WithoutLostChildren(JobWrite job)
    {
        if (job.Parameters?.GetValueOrDefault(Continuations) is not { } list)
            return job;
        try
        {
            return JsonNode.Parse(list) is JsonArray children && children.RemoveAll(IsLostChild) > 0
                ? job.With(Continuations, children.ToJsonString())
                : job;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return job;
        }
    }

    private bool IsLostChild(JsonNode? child) =>
        child is JsonObject entry
            && entry.FirstOrDefault(static property => property.Key.Equals("JobId", StringComparison.OrdinalIgnoreCase)).Value is { } id
            && IsLost(id.ToString());

    // An entry of the set of delayed jobs may begin with the queue.
    private bool IsAboutLost(DataWrite write) =>
        write is { Change: DataChange.SetAdd, Key: DueSets.Delayed or Awaiting, Member: { } member }
            && IsLost(member.AsSpan(member.LastIndexOf(':') + 1));

    private bool IsLost(ReadOnlySpan<char> id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _lost.ContainsKey(number);
}
