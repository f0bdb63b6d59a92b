using System.Diagnostics;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A plain description of everything that one transaction writes. The committer decides how to write it.</summary>
internal sealed class WriteSet
{
    private static readonly Dictionary<long, long> NoJobs = [];

    private readonly Dictionary<long, JobWrite> _jobs = [];

    public IReadOnlyCollection<JobWrite> Jobs => _jobs.Values;

    /// <summary>Jobs added to queues.</summary>
    public List<(string Queue, long JobId)> Enqueued { get; } = [];

    /// <summary>The queues of which its commit has claimed all jobs that waited.</summary>
    public IReadOnlyList<string> Emptied { get; private set; } = [];

    /// <summary>The queues in which jobs wait, or may begin, since its commit.</summary>
    public IEnumerable<string> QueuesToAnnounce =>
        Enqueued.Select(static entry => entry.Queue)
            .Concat(KeptPlaces.Select(static place => place.Queue))
            .Where(queue => !Emptied.Contains(queue))
            .Concat(Freed)
            .Concat(Released);

    /// <summary>The queues in which it ends jobs with limits: others may begin.</summary>
    public List<string> Freed { get; } = [];

    /// <summary>The queues to which its commit has moved jobs of workflows, or that of another set of its group.</summary>
    public List<string> Released { get; } = [];

    /// <summary>Workflows of which it creates the jobs.</summary>
    public List<NewWorkflow> Workflows { get; } = [];

    /// <summary>Stored jobs that it gives the arguments and the time of new ones.</summary>
    public List<JobReplacement> Replacements { get; } = [];

    /// <summary>Rows of queues that replaced jobs keep. Claims pass over them until the commit.</summary>
    public List<(string Queue, long Id)> KeptPlaces { get; } = [];

    /// <summary>Claims of finished jobs.</summary>
    public List<ClaimToken> Completed { get; } = [];

    /// <summary>Claims that must still belong to the lease, although the set does not end them.</summary>
    public List<ClaimToken> MustStillHold { get; } = [];

    /// <summary>Jobs that must still be executed by the worker of their claim.</summary>
    public List<(long JobId, string WorkerId)> MustStillExecute { get; } = [];

    public Dictionary<string, (long Delta, long? ExpireAt)> Counters { get; } = [];

    /// <summary>Changes of sets, hashes and lists, in their order.</summary>
    public List<DataWrite> Data { get; } = [];

    public Dictionary<(long JobId, string Name), string> Notes { get; } = [];

    /// <summary>The lease under which jobs were claimed or locks taken; without one the set depends on no lease.</summary>
    public long? LeaseId { get; private set; }

    /// <summary>The span of the caller, while spans are recorded.</summary>
    public ActivityContext Caller { get; set; }

    /// <summary>Claims of other workers that it takes away.</summary>
    public IEnumerable<Revocation> Revocations =>
        _jobs.Values
            .Where(static job => job.RevokedVersion is not null)
            .Select(static job => new Revocation(job.Id, job.RevokedVersion!.Value));

    public bool IsEmpty =>
        _jobs.Count == 0 && Enqueued.Count == 0 && Completed.Count == 0
        && Counters.Count == 0 && Data.Count == 0 && Notes.Count == 0 && Workflows.Count == 0;

    /// <summary>The new jobs that its commit has left out, each with the job that has its key.</summary>
    public IReadOnlyDictionary<long, long> Lost { get; private set; } = NoJobs;

    /// <summary>Those of them that have replaced that job.</summary>
    public IReadOnlyCollection<long> Replacing { get; private set; } = [];

    /// <summary>About how many rows it writes.</summary>
    public int Rows =>
        (2 * _jobs.Count) + Enqueued.Count + Completed.Count + Counters.Count + Data.Count + Notes.Count
            + Workflows.Sum(static flow => flow.Members.Count + flow.Edges.Count);

    public JobWrite Job(long id)
    {
        if (!_jobs.TryGetValue(id, out var job))
            _jobs.Add(id, job = new JobWrite(id));
        return job;
    }

    /// <summary>
    /// Whether a job that it adds to a queue waits there in the order of arrival. The row of the job tells it of any other.
    /// </summary>
    public bool IsKnownToWaitInOrder(long jobId) => FindJob(jobId)?.New is { Place: null };

    public JobWrite? FindJob(long id) => _jobs.GetValueOrDefault(id);

    public void Add(JobWrite job) => _jobs.Add(job.Id, job);

    public void Remove(JobWrite job) => _jobs.Remove(job.Id);

    /// <summary>Ends a claim.</summary>
    public void Complete(ClaimedJob claim)
    {
        Completed.Add(claim.Token);
        if (claim.IsLimited)
            Freed.Add(claim.Queue);
        DependOn(claim.LeaseId);
    }

    /// <summary>Adds what a later transaction writes.</summary>
    public void Include(WriteSet later)
    {
        foreach (var job in later.Jobs)
        {
            if (FindJob(job.Id) is { } earlier)
                earlier.Continue(job);
            else
                Add(job);
        }
        Enqueued.AddRange(later.Enqueued);
        Completed.AddRange(later.Completed);
        Freed.AddRange(later.Freed);
        MustStillHold.AddRange(later.MustStillHold);
        MustStillExecute.AddRange(later.MustStillExecute);
        Data.AddRange(later.Data);
        Workflows.AddRange(later.Workflows);
        foreach (var (key, (delta, expireAt)) in later.Counters)
            Count(key, delta, expireAt);
        foreach (var (note, value) in later.Notes)
            Notes[note] = value;
        if (later.LeaseId is { } lease)
            DependOn(lease);
    }

    /// <summary>The set without new jobs whose keys belong to others, and with what they replace.</summary>
    public WriteSet Kept(KeyOutcome outcome) => _jobs.Keys.Any(outcome.Concerns) ? new KeptWrites(this, outcome).Set : this;

    /// <summary>Remembers which of its jobs were left out.</summary>
    /// <param name="lost">Such jobs, each with the one that has its key.</param>
    /// <param name="replacing">Those of them that have replaced it.</param>
    public void Answer(IReadOnlyDictionary<long, long> lost, IReadOnlySet<long> replacing)
    {
        if (!_jobs.Keys.Any(lost.ContainsKey))
            return;
        Lost = _jobs.Keys.Where(lost.ContainsKey).ToDictionary(static id => id, id => lost[id]);
        Replacing = [.. _jobs.Keys.Where(replacing.Contains)];
    }

    public void Count(string key, long delta, long? expireAt)
    {
        var (sum, until) = Counters.GetValueOrDefault(key);
        Counters[key] = (sum + delta, Latest(until, expireAt));
    }

    /// <exception cref="LeaseLostException">It already depends on another lease, which must be over.</exception>
    public void DependOn(long leaseId)
    {
        if (LeaseId is { } other && other != leaseId)
            throw new LeaseLostException();
        LeaseId = leaseId;
    }

    /// <summary>Sets what the commit of the sets has claimed.</summary>
    public static void Claimed(IReadOnlyList<WriteSet> sets, ClaimRequest? request, ClaimAnswer? answer)
    {
        if (request is null || answer is null || answer.MayHaveMore || answer.Jobs.Count == request.Count)
            return;
        foreach (var set in sets)
            set.Emptied = request.Queues;
    }

    /// <summary>The counters of many sets, in one order everywhere.</summary>
    public static SortedDictionary<string, (long Delta, long? ExpireAt)> SumCounters(IReadOnlyList<WriteSet> sets)
    {
        SortedDictionary<string, (long Delta, long? ExpireAt)> sums = new(StringComparer.Ordinal);
        foreach (var (key, (delta, expireAt)) in sets.SelectMany(static set => set.Counters))
        {
            var (sum, until) = sums.GetValueOrDefault(key);
            sums[key] = (sum + delta, Latest(until, expireAt));
        }
        return sums;
    }

    private static long? Latest(long? one, long? other) => one is null || other > one ? other : one;
}
