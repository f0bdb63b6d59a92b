using System.Security.Cryptography;
using Asdamir.Data.Storage.Engine.Leases;
using Hangfire.Logging;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// An advisory lock on a connection that does nothing else. The server releases it when the connection ends. A process that has lost
/// only its connection takes another lock at once.
/// </summary>
internal sealed class PostgreSqlLivenessLock : ILivenessLock
{
    /// <summary>Whether no process holds the lock of a lease.</summary>
    public const string IsFree = """
        (liveness_key IS NOT NULL
            AND NOT EXISTS (
                SELECT 1
                FROM pg_locks
                JOIN pg_database ON pg_database.oid = pg_locks.database
                WHERE pg_database.datname = current_database()
                    AND pg_locks.locktype = 'advisory'
                    AND pg_locks.granted
                    AND pg_locks.objsubid = 1
                    AND (CAST(CAST(pg_locks.classid AS bigint) AS bit(64)) << 32 | CAST(CAST(pg_locks.objid AS bigint) AS bit(64)))
                        = CAST(liveness_key AS bit(64))))
        """;

    /// <summary>
    /// When the server started, which is the first half of the keys of its locks: a server that was restarted, and a standby that became
    /// the primary, know no locks of before.
    /// </summary>
    public const string Server = "CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS bigint) & 4294967295";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ILog _log = LogProvider.GetLogger(typeof(PostgreSqlLivenessLock));
    private readonly CancellationTokenSource _stop = new();
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlSource _source;
    private readonly Action _changed;
    private readonly Task _holding;
    private long _key;

    /// <param name="database">Where the lease is.</param>
    /// <param name="source">Connections for the lock alone.</param>
    /// <param name="changed">Called when the lock has another key.</param>
    public PostgreSqlLivenessLock(PostgreSqlDatabase database, PostgreSqlSource source, Action changed)
    {
        _database = database;
        _source = source;
        _changed = changed;
        _holding = Detached.Start(() => Task.Run(() => HoldAsync(_stop.Token)));
    }

    public long? Key => Volatile.Read(ref _key) is var key and not 0 ? key : null;

    public void Dispose()
    {
        _stop.Cancel();
        _holding.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _source.Dispose();
        _stop.Dispose();
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenAsync(stop).ConfigureAwait(false);
                if (await ServerOfAsync(connection, stop).ConfigureAwait(false) is not { } server)
                    return;
                await TakeAsync(connection, server, stop).ConfigureAwait(false);
                pause = FirstPause;
                while (true)
                    await connection.WaitAsync(stop).ConfigureAwait(false);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                // Without a connection to spare, this process is alive all the same.
                Publish(0);
                _log.DebugException($"The liveness lock on {_database.Description} was lost; it is taken again.", exception);
                await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    // A proxy that pools connections keeps them, and with them their locks, when a process ends; and it may close one whose process
    // is alive. The process ids that it gives to its clients are not those of the server.
    private static async Task<long?> ServerOfAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_backend_pid(), {Server}", connection);
        await using var row = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await row.ReadAsync(stop).ConfigureAwait(false);
        return row.GetInt32(0) == connection.ProcessID ? row.GetInt64(1) : null;
    }

    // A new key each time: the server may not have noticed yet that the former connection has ended.
    private async Task TakeAsync(NpgsqlConnection connection, long server, CancellationToken stop)
    {
        var key = LeaseRow.KeyOf(server, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) | 1);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
        await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        Publish(key);
    }

    private void Publish(long key)
    {
        if (Interlocked.Exchange(ref _key, key) != key)
            _changed();
    }
}
