using System.Globalization;
using Asdamir.Data.Storage.Database;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>A job that a server has claimed through <see cref="IJobClaims"/>, with the connection that owns the claim.</summary>
internal sealed class DispatchedJob(FetchedJob fetched, StorageConnection connection, string serverId, CancellationToken revoked) : IClaimedJob
{
    public FetchedJob Fetched => fetched;

    public string JobId => fetched.JobId;

    public string Queue => fetched.Claim.Queue;

    public string ServerId => serverId;

    // A claim that is given back and taken again has another number of its delivery.
    public string WorkerId { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{fetched.Claim.Token.Id}.{fetched.Claim.Token.Delivery}");

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
