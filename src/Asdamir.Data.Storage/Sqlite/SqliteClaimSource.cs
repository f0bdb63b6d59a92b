using System.Text.Json;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Claims jobs. As in PostgreSQL a claim need not be durable: the first commit for its job makes it so.</summary>
internal sealed class SqliteClaimSource(SqliteDatabase database) : IClaimSource
{
    /// <summary>The rows of a queue that come first. As in PostgreSQL the two kinds are merged by time.</summary>
    public const string PickedSql = """
        SELECT id
        FROM (
            SELECT * FROM (
                SELECT id, added_at AS turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NULL
                ORDER BY id LIMIT @count)
            UNION ALL
            SELECT * FROM (
                SELECT id, turn FROM {s}queue
                WHERE queue = @queue AND claimed_by IS NULL AND turn IS NOT NULL
                ORDER BY turn, id LIMIT @count))
        ORDER BY turn, id LIMIT @count
        """;

    private const string ClaimSql = $$"""
        UPDATE {s}queue SET claimed_by = @lease, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
        WHERE id IN ({{PickedSql}}) AND EXISTS (SELECT 1 FROM {s}lease WHERE id = @lease)
        RETURNING id, deliveries, claimed_at, job_id, queue, coalesce(turn, added_at)
        """;

    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, long leaseId)
    {
        if (!IsAnythingWaiting(request.Queues))
            return [];
        using var session = database.Begin(relaxed: true);
        var claims = Claim(session, request, leaseId);
        session.Commit();
        return claims;
    }

    /// <summary>Claims in a transaction that has begun.</summary>
    public IReadOnlyList<ClaimedJob> Claim(Session session, ClaimRequest request, long leaseId)
    {
        var askedAt = database.Time.GetTimestamp();
        List<(ClaimToken Token, long JobId, string Queue)> claims = [];
        foreach (var queue in request.Queues)
        {
            if (claims.Count == request.Count)
                break;
            claims.AddRange(session.Query(
                ClaimSql,
                static row => (
                    Turn: row.GetInt64(5),
                    Claim: (new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetInt64(3), row.GetString(4))),
                ("@lease", leaseId), ("@queue", queue), ("@count", request.Count - claims.Count))
                .OrderBy(static row => row.Turn)
                .ThenBy(static row => row.Claim.Item1.Id)
                .Select(static row => row.Claim));
        }
        var lost = LostOf(session, claims);
        var begun = request.State is { } state ? Begin(session, claims, state) : [];
        var rows = session.Query(
            $"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE " + database.AnyOf("j.id", "@ids"), JobRow.Read,
            ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray())).ToDictionary(static row => row.Id);
        return claims.ConvertAll(
            claim => new ClaimedJob(claim.Token, leaseId, claim.JobId, claim.Queue, rows.GetValueOrDefault(claim.JobId), askedAt)
            {
                HasBegun = begun.Contains(claim.Token.Id),
                WasLost = lost.Contains(claim.JobId),
            });
    }

    public void Dispose()
    {
    }

    private HashSet<long> LostOf(Session session, List<(ClaimToken Token, long JobId, string Queue)> claims) =>
        [.. session.Query(
            $$"""
            SELECT id FROM {s}job
            WHERE {{database.AnyOf("id", "@ids")}} AND state = 'Enqueued' AND state_reason = '{{ClaimReturns.Lost}}'
            """,
            static row => row.GetInt64(0), ("@ids", claims.ConvertAll(static claim => claim.JobId).ToArray()))];

    // Of two claims of one job the first has begun it.
    private static HashSet<long> Begin(
        Session session, List<(ClaimToken Token, long JobId, string Queue)> claims, ClaimedState state)
    {
        var firstClaims = claims.DistinctBy(static claim => claim.JobId).ToDictionary(static claim => claim.JobId);
        var jobs = session.Query(
            $$"""
            UPDATE {s}job AS j SET {{JobChange.Beginning}}
            FROM (SELECT value ->> 0 AS job_id, value ->> 1 AS delivery, @at AS at, @head AS head FROM json_each(@claims)) AS c
            WHERE j.id = c.job_id
                AND j.state = 'Enqueued'
                AND (j.locked_until IS NULL OR j.locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
            RETURNING id
            """,
            static row => row.GetInt64(0),
            ("@at", state.At), ("@head", state.Head), ("@claims", JsonSerializer.Serialize(
                firstClaims.Values.Select(static claim => new object[] { claim.JobId, claim.Token.DeliveryId }))));
        return [.. jobs.Select(id => firstClaims[id].Token.Id)];
    }

    // A read first: it does not take the turn to write.
    private bool IsAnythingWaiting(string[] queues)
    {
        using var session = database.Read();
        foreach (var queue in queues)
        {
            if (session.Number("SELECT 1 FROM {s}waiting WHERE queue = @queue LIMIT 1", ("@queue", queue)) is not null)
                return true;
        }
        return false;
    }
}
