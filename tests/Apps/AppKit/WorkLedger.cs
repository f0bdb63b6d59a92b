using Npgsql;

namespace Apps.Kit;

public sealed record LedgerEntry(string JobId, string Tag, string App, string Job, int Attempt, string Culture, string? Arguments);

/// <summary>Writes down, outside the job storage, what was executed where and when.</summary>
public sealed class WorkLedger(NpgsqlDataSource database) : IDisposable
{
    public const string Schema = """
        create table if not exists public.ledger (
            id bigint generated always as identity primary key,
            job_id text not null, tag text not null, app text not null, job text not null, attempt int not null,
            culture text not null, arguments text, pid int not null,
            started timestamptz not null default clock_timestamp(), ended timestamptz, outcome text)
        """;

    public NpgsqlDataSource Database => database;

    public async Task<long> StartAsync(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await using var insert = database.CreateCommand(
            "insert into public.ledger (job_id, tag, app, job, attempt, culture, arguments, pid) values ($1, $2, $3, $4, $5, $6, $7, "
                + "$8) returning id");
        foreach (var value in new object[]
        {
            entry.JobId, entry.Tag, entry.App, entry.Job, entry.Attempt, entry.Culture, (object?)entry.Arguments ?? DBNull.Value,
            Environment.ProcessId
        })
        {
            insert.Parameters.AddWithValue(value);
        }
        return (long)(await insert.ExecuteScalarAsync())!;
    }

    public async Task EndAsync(long id, string outcome)
    {
        await using var update = database.CreateCommand("update public.ledger set ended = clock_timestamp(), outcome = $2 where id = $1");
        update.Parameters.AddWithValue(id);
        update.Parameters.AddWithValue(outcome);
        await update.ExecuteNonQueryAsync();
    }

    public async Task<bool> HasEndedAsync(string tag)
    {
        await using var query = database.CreateCommand("select exists (select 1 from public.ledger where tag = $1 and ended is not null)");
        query.Parameters.AddWithValue(tag);
        return (bool)(await query.ExecuteScalarAsync())!;
    }

    public void Dispose() => database.Dispose();
}
