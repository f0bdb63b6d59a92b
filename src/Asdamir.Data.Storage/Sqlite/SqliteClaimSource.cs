using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Reads;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Claims jobs. As in PostgreSQL a claim need not be durable: the first commit for its job makes it so.</summary>
internal sealed class SqliteClaimSource(SqliteDatabase database) : IClaimSource
{
    public IReadOnlyList<ClaimedJob> Claim(string[] queues, int count, long leaseId)
    {
        var askedAt = Environment.TickCount64;
        if (!IsAnythingWaiting(queues))
            return [];
        using var session = database.Begin(relaxed: true);
        List<(ClaimToken Token, long JobId, string Queue)> claims = [];
        foreach (var queue in queues)
        {
            if (claims.Count == count)
                break;
            claims.AddRange(session.Query(
                $$"""
                UPDATE {s}queue SET claimed_by = @lease, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
                WHERE id IN (SELECT id FROM {s}queue WHERE queue = @queue AND claimed_by IS NULL ORDER BY id LIMIT @count)
                    AND EXISTS (SELECT 1 FROM {s}lease WHERE id = @lease)
                RETURNING id, deliveries, claimed_at, job_id, queue
                """,
                static row => (new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetInt64(3), row.GetString(4)),
                ("@lease", leaseId), ("@queue", queue), ("@count", count - claims.Count))
                .OrderBy(static claim => claim.Item1.Id));
        }
        var rows = session.Query(
            $"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE " + database.AnyOf("j.id", "@ids"), JobRow.Read,
            ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray())).ToDictionary(static row => row.Id);
        session.Commit();
        return claims.ConvertAll(
            claim => new ClaimedJob(claim.Token, leaseId, claim.JobId, claim.Queue, rows.GetValueOrDefault(claim.JobId), askedAt));
    }

    public void Dispose()
    {
    }

    // A read first: it does not take the turn to write.
    private bool IsAnythingWaiting(string[] queues)
    {
        using var session = database.Read();
        foreach (var queue in queues)
        {
            if (session.Number("SELECT 1 FROM {s}queue WHERE queue = @queue AND claimed_by IS NULL LIMIT 1", ("@queue", queue)) is not null)
                return true;
        }
        return false;
    }
}
