using Asdamir.Data.Storage.Claims;
using Asdamir.Data.Storage.Database;
using Asdamir.Data.Storage.Reads;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Claims jobs. A claim need not be durable: if the database crashes before it is written, the job is unclaimed again,
/// and every commit of the worker for its job makes earlier claims durable. Flushing
/// each claim cost a fifth of the throughput; a lost claim at most starts its job twice.
/// </summary>
internal sealed class PostgreSqlClaimSource(PostgreSqlDatabase database) : IClaimSource
{
    public const string Settings = PostgreSqlWriteSql.Settings + "; SET synchronous_commit = off";

    // For "= ANY (ARRAY[…])" see PostgreSqlWriteSql. A range of one queue, in the order of the index of waiting jobs: for an equal queue,
    // ids alone would be that order, and when one queue has nearly all rows, the planner would go through all of them by their ids to find
    // another queue's.
    public const string Sql = $$"""
        WITH picked AS (
            SELECT waiting.id, wanted.place
            FROM unnest($1) WITH ORDINALITY AS wanted (queue, place)
            CROSS JOIN LATERAL (
                SELECT q.id FROM {s}queue AS q WHERE q.queue BETWEEN wanted.queue AND wanted.queue AND q.claimed_by IS NULL
                ORDER BY q.queue, q.id LIMIT $2 FOR UPDATE SKIP LOCKED) AS waiting
            ORDER BY wanted.place, waiting.id LIMIT $2),
        claimed AS (
            UPDATE {s}queue AS q SET claimed_by = $3, claimed_at = {now}, deliveries = {{ClaimToken.Next}}
            FROM picked WHERE q.id = ANY (ARRAY[picked.id]) AND EXISTS (SELECT 1 FROM {s}lease AS l WHERE l.id = $3)
            RETURNING q.id, q.deliveries, q.claimed_at, q.job_id, q.queue, picked.place)
        SELECT c.id, c.deliveries, c.claimed_at, c.job_id, c.queue, {{JobRow.Columns}}
        FROM claimed AS c LEFT JOIN {s}job AS j ON j.id = ANY (ARRAY[c.job_id]) ORDER BY c.place, c.id
        """;

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    public IReadOnlyList<ClaimedJob> Claim(string[] queues, int count, long leaseId)
    {
        lock (_gate)
        {
            try
            {
                _connection ??= database.Connect(Settings);
                return Conflicts.Retry(database, () => Claim(_connection, queues, count, leaseId));
            }
            catch
            {
                Disconnect();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Disconnect();
    }

    private List<ClaimedJob> Claim(NpgsqlConnection connection, string[] queues, int count, long leaseId)
    {
        var askedAt = Environment.TickCount64;
        using var command = new NpgsqlCommand(database.Sql(Sql), connection)
        {
            Parameters = { new() { Value = queues }, new() { Value = (long)count }, new() { Value = leaseId } },
        };
        using var row = command.ExecuteReader();
        List<ClaimedJob> claims = [];
        while (row.Read())
        {
            claims.Add(new ClaimedJob(
                new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), leaseId, row.GetInt64(3), row.GetString(4),
                row.IsDBNull(5) ? null : JobRow.Read(row, 5), askedAt));
        }
        return claims;
    }

    private void Disconnect()
    {
        if (_connection is { } connection)
            database.Return(connection);
        _connection = null;
    }
}
