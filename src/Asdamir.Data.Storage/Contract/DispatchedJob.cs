using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A job that a server has claimed through <see cref="IJobClaims"/>, with the connection that owns the claim.</summary>
internal sealed class DispatchedJob(WorkerClaim claim, StorageConnection connection, CancellationToken revoked) : IClaimedJob
{
    public WorkerClaim Claim => claim;

    public string JobId { get; } = JobIds.Format(claim.Job.JobId);

    public string Queue => claim.Job.Queue;

    public string ServerId => claim.ServerId!;

    public string WorkerId => claim.Job.Token.WorkerId;

    public string? SkippedBy => claim.Job.SkippedBy;

    public DateTime ClaimedAt => Micros.ToUtc(claim.Job.Token.At);

    public CancellationToken Revoked => revoked;

    public JobStorageConnection Connection => connection;

    public bool IsLost => claim.IsLost;

    public bool WasEndedInTransaction() => claim.WasEndedInTransaction();

    public async Task<bool> TryWriteMetadataAsync(IReadOnlyDictionary<string, string> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        var set = JobNotes.SetOf(claim.Job.JobId, notes);
        try
        {
            claim.Require(set);
            await connection.Open.Engine.WriteAsync(set, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is LeaseLostException or WriteConflictException { IsClaim: true })
        {
            return false;
        }
    }

    public void RemoveFromQueue() => claim.End();

    public void Requeue() => claim.GiveBack();

    public void Dispose()
    {
        try
        {
            claim.Dispose();
        }
        finally
        {
            connection.Dispose();
        }
    }
}
