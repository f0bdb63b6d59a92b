using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>
/// What stands in the tables of a company's storage, past all code of the product. The tables have the same names and
/// columns in both storages; where they are differs.
/// </summary>
public abstract class JobTables : IAsyncDisposable
{
    /// <summary>The storage, on the command line of an app.</summary>
    public abstract IEnumerable<string> Settings { get; }

    public Task<string?> StateAsync(string jobId) => OfJobAsync(jobId, "state");

    public Task<string?> ReasonAsync(string jobId) => OfJobAsync(jobId, "state_reason");

    public async Task<string?> ParameterAsync(string jobId, string name) => Field(await OfJobAsync(jobId, "parameters"), name);

    public async Task<string?> StateDataAsync(string jobId, string name) => Field(await OfJobAsync(jobId, "state_data"), name);

    /// <summary>The queues that hold a row of the job; a queue stands as often as it holds one.</summary>
    public Task<List<string?>> QueueRowsAsync(string jobId) => TextsAsync($"select queue from queue where job_id = {jobId}");

    /// <summary>The queues that hold a row of any job.</summary>
    public Task<List<string?>> QueuesInUseAsync() => TextsAsync("select distinct queue from queue");

    public Task<List<string?>> JobsInQueueAsync(string queue) =>
        TextsAsync($"select cast(job_id as text) from queue where queue = '{queue}'");

    public Task<long> QueueLengthAsync(string queue) => CountAsync($"queue where queue = '{queue}'");

    public Task<long> ServersAsync() => CountAsync("server");

    public Task<List<string?>> RecurringIdsAsync() => TextsAsync("select value from set_item where key = 'recurring-jobs' order by value");

    /// <summary>Hangfire disables a schedule with this score.</summary>
    public async Task<bool> IsDisabledAsync(string recurringId) =>
        await CountAsync($"set_item where key = 'recurring-jobs' and value = '{recurringId}' and score = -1") == 1;

    public async Task<string?> RecurringErrorAsync(string recurringId) =>
        (await TextsAsync($"select value from hash_field where key = 'recurring-job:{recurringId}' and field = 'Error'")).SingleOrDefault();

    /// <summary>How much has been written so far, also by a transaction that has not ended.</summary>
    public abstract Task<long> WrittenBytesAsync();

    /// <summary>When all leases are over, if they are not renewed.</summary>
    public async Task<DateTime> LastExpiryAsync() =>
        DateTime.UnixEpoch.AddMicroseconds(
            long.Parse((await TextsAsync("select cast(max(expires_at) as text) from lease"))[0]!, CultureInfo.InvariantCulture));

    public Task ClearQueuesAsync() => ExecuteAsync("delete from queue");

    public Task EnqueueAsync(string jobId, string queue) => ExecuteAsync($"""
        update job set state = 'Enqueued', version = version + 1 where id = {jobId};
        insert into queue (queue, job_id, added_at) values ('{queue}', {jobId}, 0)
        """);

    public Task ChangeArgumentsAsync(string jobId, string text, string replacement) =>
        ExecuteAsync($"update job set arguments = replace(arguments, '{text}', '{replacement}'), version = version + 1 where id = {jobId}");

    /// <summary>Makes a scheduled job due. Hangfire puts the queue before the id of a job that has one.</summary>
    public Task MakeDueAsync(string jobId) =>
        ExecuteAsync($"update set_item set score = 0 where key = 'schedule' and (value = '{jobId}' or value like '%:{jobId}')");

    public Task CopyRecurringAsync(string recurringId, string copy) => ExecuteAsync($"""
        insert into hash_field (key, field, value) select 'recurring-job:{copy}', field, value from hash_field where key = 'recurring-job:{recurringId}';
        insert into set_item (key, value, score) values ('recurring-jobs', '{copy}', 4102444800)
        """);

    /// <summary>The arguments of the jobs whose arguments contain a text, by the ids of the jobs.</summary>
    public async Task<Dictionary<string, string>> ArgumentsAsync(string text) =>
        (await TextsAsync($"select cast(id as text) || ' ' || arguments from job where arguments like '%{text}%'"))
        .ToDictionary(static row => row![..row!.IndexOf(' ', StringComparison.Ordinal)], static row =>
            row![(row!.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    /// <summary>Keeps all processes from writing jobs, until it is disposed.</summary>
    public async Task<IAsyncDisposable> HoldWritesAsync()
    {
        var connection = await OpenAsync(forWriting: true);
        await using var command = connection.CreateCommand();
        command.CommandText = HoldWrites;
        await command.ExecuteNonQueryAsync();
        // Disposing it rolls back what it began.
        return connection;
    }

    public abstract ValueTask DisposeAsync();

    protected abstract string HoldWrites { get; }

    protected abstract Task<DbConnection> OpenAsync(bool forWriting);

    protected async Task<long> CountAsync(string fromWhere) =>
        long.Parse((await TextsAsync($"select cast(count(*) as text) from {fromWhere}"))[0]!, CultureInfo.InvariantCulture);

    protected async Task<List<string?>> TextsAsync(string sql)
    {
        await using var connection = await OpenAsync(forWriting: false);
        await using var query = connection.CreateCommand();
        query.CommandText = sql;
        await using var reader = await query.ExecuteReaderAsync();
        List<string?> texts = [];
        while (await reader.ReadAsync())
            texts.Add(reader.IsDBNull(0) ? null : reader.GetString(0));
        return texts;
    }

    private async Task<string?> OfJobAsync(string jobId, string column) =>
        (await TextsAsync($"select cast({column} as text) from job where id = {jobId}")).SingleOrDefault();

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync(forWriting: true);
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static string? Field(string? json, string name) =>
        json is not null && JsonDocument.Parse(json).RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}
