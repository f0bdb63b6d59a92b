using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The token of one attempt: it is cancelled when the server stops, or when the job was moved away from it.</summary>
internal sealed class AttemptToken : IJobCancellationToken, IDisposable
{
    private readonly JobStorage _storage;
    private readonly IClaimedJob _claimed;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationTokenRegistration _revocation;
    private volatile bool _isStopped;
    private volatile bool _isAborted;

    /// <param name="storage">Where the job is.</param>
    /// <param name="claimed">The job.</param>
    /// <param name="stopped">Cancelled when the server waits no longer for its jobs.</param>
    public AttemptToken(JobStorage storage, IClaimedJob claimed, CancellationToken stopped)
    {
        _storage = storage;
        _claimed = claimed;
        _stop = stopped.UnsafeRegister(static token => ((AttemptToken)token!).Stop(), this);
        _revocation = claimed.Revoked.UnsafeRegister(static token => ((AttemptToken)token!).Abort(), this);
    }

    public IClaimedJob Job => _claimed;

    public CancellationToken ShutdownToken => _cancellation.Token;

    /// <summary>Whether the job was moved away.</summary>
    public bool IsAborted => _isAborted;

    public void ThrowIfCancellationRequested()
    {
        if (_isStopped)
            throw new OperationCanceledException(ShutdownToken);
        if (!_isAborted && IsMoved())
            Abort();
        if (_isAborted)
            throw new JobAbortedException();
    }

    /// <summary>Changes the states of jobs.</summary>
    public AttemptStates? States { get; init; }

    /// <summary>
    /// Called when the job should end soon, though the server does not stop: the job has exceeded its timeout, or with
    /// <see langword="null"/> it was moved away. It may be called several times.
    /// </summary>
    public Action<AttemptTimeout?>? Cancelled { get; set; }

    /// <summary>Whether the job has ended in its own transaction, so that nothing is left to write.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it is known that the claim is lost.</summary>
    public bool IsClaimLost => _claimed.IsLost;

    /// <summary>Writes the end of the job into a transaction.</summary>
    public void EndIn(NpgsqlTransaction transaction, StateChange end) => States!.ChangeIn(transaction, _claimed, end);

    /// <summary>Asks the database whether a transaction of the job has ended it.</summary>
    public bool WasEndedInTransaction() => _claimed.WasEndedInTransaction();

    /// <summary>The transaction of the job has committed.</summary>
    public void End() => HasEnded = true;

    /// <summary>Writes metadata of the job, unless it was moved away.</summary>
    public Task<bool> TryWriteMetadataAsync(IReadOnlyDictionary<string, string> notes) => _claimed.TryWriteMetadataAsync(notes);

    /// <summary>A write was refused because the job was moved away.</summary>
    public void Lose() => Abort();

    // The source is not disposed: a job may keep its token.
    public void Dispose()
    {
        _stop.Dispose();
        _revocation.Dispose();
    }

    /// <summary>The job was moved away.</summary>
    public void Abort()
    {
        _isAborted = true;
        _ = CancelAsync();
        Cancelled?.Invoke(null);
    }

    /// <summary>The job has exceeded its timeout.</summary>
    public void TimeOut(AttemptTimeout timeout) => Cancelled?.Invoke(timeout);

    private void Stop()
    {
        _isStopped = true;
        _ = CancelAsync();
    }

    // What waits for the token continues on the pool, each job on its own: thousands of them must not wait for each other.
    private async Task CancelAsync() =>
        await _cancellation.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Asks the database whether the job was moved away. The storage may not have been able to report it.</summary>
    public bool IsMoved(IStorageConnection connection) =>
        connection.GetStateData(_claimed.JobId) is not { } state || state.Name != ProcessingState.StateName
            || JobLookup.Field(state, nameof(ProcessingState.ServerId)) != _claimed.ServerId
            || JobLookup.Field(state, nameof(ProcessingState.WorkerId)) != _claimed.WorkerId;

    private bool IsMoved()
    {
        using var connection = _storage.GetConnection();
        return IsMoved(connection);
    }
}
