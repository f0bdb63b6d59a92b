using System.Globalization;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>
/// The claim under which one connection works, until it is ended, given back or lost. It owns what belongs to the claim: the row of the
/// job, which is used without another lock, and what a commit must find so that it may write for the job.
/// </summary>
/// <param name="serverId">
/// The server that claimed it and starts it at once, see <see cref="IJobClaims"/>; <see langword="null"/> for the job of a worker.
/// </param>
internal sealed class WorkerClaim(ClaimEnds ends, ClaimedJob job, string? serverId = null) : IDisposable
{
    private const string EndNote = "EndedBy";

    private volatile ClaimStatus _status;

    // A job that is locked is waited for like any other: to use its row would break the lock.
    private JobRow? _row = job.Row is { LockedUntil: null } row ? row : null;
    private int _locks;
    private bool _wasLocked;

    private enum ClaimStatus
    {
        Claimed,
        Ended,
        GivenBack,
        Lost,
    }

    public ClaimedJob Job => job;

    public string? ServerId => serverId;

    public bool IsDispatched => serverId is not null;

    private WorkerClaim? Original { get; init; }

    private string EndValue => string.Create(CultureInfo.InvariantCulture, $"{job.Token.WorkerId}@{job.Token.At}");

    /// <summary>Whether its worker has put the job into another state than the one before the claim.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether another process is known to have the job by now.</summary>
    public bool IsLost => _status == ClaimStatus.Lost || (_status == ClaimStatus.Claimed && !ends.IsCurrent(job));

    /// <summary>Whether the claim wrote Processing for an attempt that did not start.</summary>
    public bool WasNotStarted => job.HasBegun && !HasStarted;

    public bool IsOf(long jobId) => job.JobId == jobId;

    /// <summary>
    /// The state as its worker sees it. Until that has started the job, it is the one before the claim; and a job that is delivered again
    /// because its process died is Processing for it, by which Hangfire recognises that.
    /// </summary>
    public string? StateOf(string? stored)
    {
        if (HasStarted || stored != (job.HasBegun ? JobStates.Processing : JobStates.Enqueued))
            return stored;
        return job.WasLost ? JobStates.Processing : JobStates.Enqueued;
    }

    /// <summary>Whether it is exactly the state that the row has by the claim.</summary>
    public bool HasWritten(StateWrite state)
    {
        if (!WasNotStarted || state.Reason is not null)
            return false;
        var data = StateText.Read(state.Name, state.At, state.Data);
        return data.GetValueOrDefault("ServerId") == serverId && data.GetValueOrDefault("WorkerId") == job.Token.WorkerId;
    }

    /// <summary>Locks the row that was claimed, for nothing; <see langword="null"/> when it is not used.</summary>
    public IDisposable? TryLock(long jobId)
    {
        if (_row is not { } row || row.Id != jobId)
            return null;
        _locks++;
        _wasLocked = true;
        return new LockHandle(() => Unlock(row));
    }

    /// <summary>The row of the job while it is locked.</summary>
    public JobRow? LockedRow(long jobId) => _locks > 0 && _row?.Id == jobId ? _row : null;

    /// <summary>The same, and before the first lock: then it is as old as the claim, and the commit checks what is decided by it.</summary>
    public JobRow? KnownRow(long jobId) => !_wasLocked && _row?.Id == jobId ? _row : LockedRow(jobId);

    /// <summary>The row of this job is out of date.</summary>
    public void Outdate(long jobId)
    {
        if (_row?.Id == jobId)
            _row = null;
    }

    /// <summary>Adds what a commit must find: nothing is written for a lost claim, because another worker has taken the job.</summary>
    public void Guard(WriteSet set)
    {
        if (IsLost)
            throw new WriteConflictException(isClaim: true);
        if (_status != ClaimStatus.Claimed)
            return;
        set.DependOn(job.LeaseId);
        // The version of the claimed row implies that, where the claim did not change it. A crash of the database may undo a claim
        // while the lease stays valid; then the next claim may give the row the same version, and any other row may be of that claim.
        var isImplied = !job.HasBegun && _row?.Id == job.JobId && set.FindJob(job.JobId)?.ExpectedVersion == _row.Version;
        if (!isImplied && !set.Completed.Contains(job.Token) && !set.MustStillHold.Contains(job.Token))
            set.MustStillHold.Add(job.Token);
    }

    /// <summary>Requires that the claim still executes the job: that nothing else has moved it, either.</summary>
    public void Require(WriteSet set)
    {
        if (_status != ClaimStatus.Claimed || IsLost)
            throw new WriteConflictException(isClaim: true);
        set.MustStillHold.Add(job.Token);
        set.MustStillExecute.Add((job.JobId, job.Token.WorkerId));
        set.DependOn(job.LeaseId);
    }

    /// <summary>The claim for another connection, which does not use the row: this one may have changed it.</summary>
    public WorkerClaim Elsewhere() => new(ends, job with { Row = null }, serverId) { HasStarted = true, Original = this };

    /// <summary>
    /// Lets a transaction of a caller say that it has ended the claim. After its commit, the row of the claim is gone, and would be as well
    /// if another worker had ended the job.
    /// </summary>
    public void NoteEnd(WriteSet set) => set.Notes[(job.JobId, EndNote)] = EndValue;

    /// <summary>Whether a transaction of a caller has ended the claim. Then there is nothing left to end.</summary>
    public bool WasEndedInTransaction()
    {
        if (!ends.HasNote(job.JobId, EndNote, EndValue))
            return false;
        MarkEnded();
        ends.Forget(job);
        return true;
    }

    public void MarkStarted() => HasStarted = true;

    public void MarkLost()
    {
        _status = ClaimStatus.Lost;
        Original?.MarkLost();
    }

    public void MarkEnded()
    {
        if (_status != ClaimStatus.Lost)
            _status = ClaimStatus.Ended;
    }

    /// <summary>
    /// Removes the job from its queue. A claim whose job was moved away is lost, but may still be there: nothing else would end it.
    /// </summary>
    public void End()
    {
        if (_status is ClaimStatus.Ended or ClaimStatus.GivenBack)
            return;
        ends.Complete(job, HasStarted);
        MarkEnded();
    }

    public void GiveBack()
    {
        if (_status != ClaimStatus.Claimed)
            return;
        ends.GiveBack([job], HasStarted);
        _status = ClaimStatus.GivenBack;
    }

    /// <summary>Returns the job to its queue unless it was ended or returned.</summary>
    public void Dispose()
    {
        GiveBack();
        ends.Forget(job);
    }

    private void Unlock(JobRow locked)
    {
        if (ReferenceEquals(_row, locked))
            _locks--;
    }
}
