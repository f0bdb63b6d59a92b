namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Adds the outcomes for single jobs up to that of the whole action.</summary>
internal sealed class ActionTally
{
    private const int MaxRemarks = 100;

    private readonly List<JobActionRemark> _remarks = [];
    private int _done;
    private int _skipped;
    private int _failed;

    public JobActionResult Result => new() { Done = _done, Skipped = _skipped, Failed = _failed, Remarks = [.. _remarks] };

    public bool HasStopped { get; private set; }

    public void Add(JobActionResult result)
    {
        _done += result.Done;
        _skipped += result.Skipped;
        _failed += result.Failed;
        _remarks.AddRange(result.Remarks.Take(MaxRemarks - _remarks.Count));
    }

    public void Stop(string id, string why)
    {
        HasStopped = true;
        Add(JobActionResult.Error(id, $"{why}; this job and all following jobs were left unchanged."));
    }
}
