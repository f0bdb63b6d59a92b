using Asdamir.Data.Storage.Sql;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A job that a server has claimed through <see cref="IJobClaims"/>, with the connection that owns the claim.</summary>
internal sealed class DispatchedJob(FetchedJob fetched, StorageConnection connection, CancellationToken revoked) : IClaimedJob
{
    public FetchedJob Fetched => fetched;

    public string JobId => fetched.JobId;

    public string Queue => fetched.Claim.Queue;

    public string ServerId => fetched.ServerId!;

    public string WorkerId => fetched.Claim.Token.WorkerId;

    public DateTime ClaimedAt => Micros.ToUtc(fetched.Claim.Token.At);

    public CancellationToken Revoked => revoked;

    public JobStorageConnection Connection => connection;

    public void RemoveFromQueue() => fetched.RemoveFromQueue();

    public void Requeue() => fetched.Requeue();

    public void Dispose()
    {
        try
        {
            fetched.Dispose();
        }
        finally
        {
            connection.Dispose();
        }
    }
}
