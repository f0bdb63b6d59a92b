namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>What becomes of the new jobs of a commit whose keys belong to others.</summary>
internal sealed class KeyOutcome
{
    private readonly IReadOnlyDictionary<long, long> _lost;
    private readonly Dictionary<long, JobReplacement> _replacements;
    private readonly HashSet<long> _replaced;

    /// <param name="lost">These jobs, each with the one that has its key.</param>
    /// <param name="replacements">Those of them that replace the other.</param>
    public KeyOutcome(IReadOnlyDictionary<long, long> lost, IEnumerable<JobReplacement> replacements)
    {
        _lost = lost;
        _replacements = replacements.ToDictionary(static replacement => replacement.New.Id);
        _replaced = [.. _replacements.Values.Select(static replacement => replacement.JobId)];
    }

    public long? HolderOf(long jobId) => _lost.TryGetValue(jobId, out var holder) ? holder : null;

    public JobReplacement? ReplacementBy(long jobId) => _replacements.GetValueOrDefault(jobId);

    public bool IsReplaced(long jobId) => _replaced.Contains(jobId);

    /// <summary>Whether nothing is written about the job as its set says.</summary>
    public bool Concerns(long jobId) => _lost.ContainsKey(jobId) || _replaced.Contains(jobId);
}
