using System.Security.Cryptography;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// An advisory lock on a connection that does nothing else. The server releases it when the connection ends. A process that has lost
/// only its connection takes another lock at once: a dedicated thread reads from the connection, so that no starved thread pool delays it.
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

    private const int SecondsBetweenProbes = 1;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly StorageLog _log = new(typeof(PostgreSqlLivenessLock));
    private readonly object _gate = new();
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlSource _source;
    private readonly Action _changed;
    private readonly Thread _thread;
    private NpgsqlConnection? _connection;
    private long _key;
    private bool _stopped;

    /// <param name="database">Where the lease is.</param>
    /// <param name="settings">How connections are opened.</param>
    /// <param name="changed">Called when the lock has another key.</param>
    public PostgreSqlLivenessLock(PostgreSqlDatabase database, NpgsqlConnectionStringBuilder settings, Action changed)
    {
        _database = database;
        _source = new PostgreSqlSource(Alone(settings));
        _changed = changed;
        _thread = new Thread(Run) { IsBackground = true, Name = "Job storage liveness", Priority = ThreadPriority.AboveNormal };
        _thread.UnsafeStart();
    }

    public long? Key => Volatile.Read(ref _key) is var key and not 0 ? key : null;

    public void Replace(long key)
    {
        if (key == Key)
            Disconnect();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        Disconnect();
        _thread.Join(LongestEnd);
        _source.Dispose();
    }

    // The operating systems of both sides find out within a second when the other side has closed the connection, without waking a thread.
    private static NpgsqlConnectionStringBuilder Alone(NpgsqlConnectionStringBuilder settings)
    {
        var alone = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = 0 };
        if (PostgreSqlHosts.AreReachedByTcp(settings))
        {
            alone.TcpKeepAlive = true;
            alone.TcpKeepAliveTime = SecondsBetweenProbes;
            alone.TcpKeepAliveInterval = SecondsBetweenProbes;
        }
        return alone;
    }

    private void Run() => BackgroundWork.Keep(Hold, _log, "liveness");

    private void Hold()
    {
        for (var pause = FirstPause; !Volatile.Read(ref _stopped); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using var connection = Connect();
                if (ServerOf(connection) is not { } server)
                    return;
                Take(connection, server);
                pause = FirstPause;
                while (true)
                    connection.Wait();
            }
            catch (Exception) when (Volatile.Read(ref _stopped))
            {
            }
            catch (Exception exception)
            {
                // Without a connection to spare, this process is alive all the same.
                Publish(0);
                _log.DebugException($"The liveness lock on {_database.Description} was lost; it is taken again.", exception);
                Pause(pause);
            }
        }
    }

    private NpgsqlConnection Connect()
    {
        var connection = _source.Open();
        lock (_gate)
            _connection = connection;
        if (Volatile.Read(ref _stopped))
            connection.Dispose();
        return connection;
    }

    // What reads from the connection fails then.
    private void Disconnect()
    {
        NpgsqlConnection? connection;
        lock (_gate)
        {
            connection = _connection;
            _connection = null;
        }
        try
        {
            connection?.Dispose();
        }
        catch (Exception exception)
        {
            _log.DebugException($"The connection of the liveness lock on {_database.Description} could not be closed.", exception);
        }
    }

    private void Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            if (!_stopped)
                _database.Time.Wait(_gate, pause);
        }
    }

    // A proxy that pools connections keeps them, and with them their locks, when a process ends; and it may close one whose process
    // is alive. The process ids that it gives to its clients are not those of the server.
    private static long? ServerOf(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"SELECT pg_backend_pid(), {Server}", connection);
        using var row = command.ExecuteReader();
        row.Read();
        return row.GetInt32(0) == connection.ProcessID ? row.GetInt64(1) : null;
    }

    // A new key each time: the server may not have noticed yet that the former connection has ended.
    private void Take(NpgsqlConnection connection, long server)
    {
        var key = LeaseRow.KeyOf(server, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) | 1);
        using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
        command.ExecuteNonQuery();
        Publish(key);
    }

    private void Publish(long key)
    {
        if (Interlocked.Exchange(ref _key, key) != key)
            _changed();
    }
}
