namespace Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

/// <summary>Collects findings. The same finding about several jobs is one.</summary>
internal sealed class Findings
{
    private const int MostIds = 20;

    // Texts of findings come from rows, so their number is limited.
    private const int MostFindings = 1_000;

    private readonly List<JobFinding> _all = [];
    private readonly Dictionary<(JobFindingKind Kind, string Target, string Message), int> _ofJobs = [];

    public IReadOnlyList<JobFinding> Sorted =>
    [
        .. _all.OrderByDescending(static finding => finding.Severity)
            .ThenBy(static finding => finding.Kind)
            .ThenBy(static finding => finding.Target, StringComparer.Ordinal),
    ];

    public void Add(JobFinding finding) => _all.Add(finding);

    public void AddJob(JobFinding finding, string jobId)
    {
        var key = (finding.Kind, finding.Target, finding.Message);
        if (_all.Count >= MostFindings && !_ofJobs.ContainsKey(key))
        {
            finding = finding with { Target = "(others)", Message = "Further jobs have findings of this kind.", Value = null };
            key = (finding.Kind, finding.Target, finding.Message);
        }
        if (!_ofJobs.TryGetValue(key, out var index))
        {
            _ofJobs[key] = _all.Count;
            _all.Add(finding with { Jobs = 1, JobIds = [jobId] });
            return;
        }
        var known = _all[index];
        _all[index] = known with
        {
            Jobs = known.Jobs + 1,
            JobIds = known.JobIds.Count < MostIds ? [.. known.JobIds, jobId] : known.JobIds,
        };
    }
}
