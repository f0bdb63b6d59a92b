using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>
/// A SQLite file in WAL mode. It has one writer at a time: writers of this process take turns in memory,
/// and writers of different processes wait for the file lock. Readers never wait.
/// </summary>
internal sealed class SqliteDatabase : JobDatabase
{
    private const int IdsPerBlock = 100;
    private const string LivenessFunction = "liveness_lock_is_free";
    private const string TimeFunction = "time_of_process";

    private readonly object _turn = new();
    private readonly SqliteJobStorageOptions _options;
    private readonly string _connectionString;
    private readonly string _path;
    private readonly SqliteWatch _watch;
    private readonly SqliteClaimSource _claims;
    private SqliteConnection? _durable;
    private SqliteConnection? _relaxed;
    private volatile bool _canLockFiles;
    private bool _disposed;

    public SqliteDatabase(string connectionString, SqliteJobStorageOptions options)
        : base(
            "main.",
            options.TimeProvider.IsSystem() ? "CAST(unixepoch('subsec') * 1000000 AS INTEGER)" : $"{TimeFunction}()", options.Retention,
            new StorageTelemetry(
                "sqlite", Path.GetFileName(new SqliteConnectionStringBuilder(connectionString).DataSource), options.TimeProvider),
            options.TimeProvider)
    {
        _options = options;
        var settings = new SqliteConnectionStringBuilder(connectionString)
        {
            DefaultTimeout = (int)Math.Ceiling(options.BusyTimeout.TotalSeconds),
            Mode = options.Migrate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
        };
        _connectionString = settings.ToString();
        _path = settings.DataSource;
        _claims = new SqliteClaimSource(this);
        Claims = new MeasuredClaims(_claims, Telemetry);
        _watch = new SqliteWatch(this, _path, options.PollInterval, Time);
        Description = $"SQLite file {_path}";
    }

    public override string Description { get; }

    public override string Removal => $"delete the file {_path} and those beside it that begin with its name";

    public override string Advice =>
        "check that the file and its folder exist, can be written, are not on a full disk, are not a corrupt or foreign file, "
            + "and that no other program holds a lock on it";

    public bool MayMigrate => _options.Migrate;

    /// <summary>Statements of the commit connection, kept as long as it lives.</summary>
    public SqliteStatements? Statements { get; private set; }

    public override void Migrate()
    {
        if (MayMigrate)
            PrivateFile.CreateMissing(_path);
        Unavailable.Guard(this, () => SqliteMigrations.Apply(this));
        if (MayMigrate)
            PrivateFile.Restrict(_path);
    }

    public override Session Read()
    {
        var connection = Unavailable.Guard(this, () => Connect("PRAGMA query_only = ON", pooled: true));
        return new Session(this, connection, null, connection.Dispose);
    }

    public override Session ReadSnapshot()
    {
        var connection = Unavailable.Guard(this, () => Connect("PRAGMA query_only = ON", pooled: true));
        try
        {
            var transaction = Unavailable.Guard(this, () => connection.BeginTransaction(deferred: true));
            return new Session(this, connection, transaction, connection.Dispose, readOnly: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override Session Write() => Take(transactional: false, relaxed: false);

    public override Session Begin(bool relaxed = false) => Take(transactional: true, relaxed);

    public override ILivenessLock TakeLivenessLock(Action changed)
    {
        var taken = SqliteLivenessLock.Take(_path, Time);
        _canLockFiles = taken.Key is not null;
        return taken;
    }

    public override string LivenessLockIsFree => $"{LivenessFunction}(liveness_key)";

    public override string LivenessServer => "NULL";

    public override void RemoveLivenessLock(long key) => SqliteLivenessLock.Remove(_path, key);

    public override ICommitConnection OpenCommitConnection(long leaseId) => new SqliteCommitConnection(this, _claims, leaseId);

    // A commit connection checks its lease in every commit, so one whose lease has ended cannot commit.
    public override void CloseCommitConnections(Session session, IReadOnlyList<long> leaseIds)
    {
    }

    public override long DeleteClosedCommitConnections(TimeSpan age) => 0;

    // There is one writer at a time, so no rows are locked.
    public override string SkipLocked => "";

    public override IClaimSource Claims { get; }

    protected override IDisposable Watch(IReadOnlyList<string> queues, Action wake) => _watch.Subscribe(wake);

    public override IDisposable WatchClock(Action wake) => _watch.Subscribe(wake);

    public override bool WakesOthers => true;

    public override IReadOnlyList<string> EnqueueDue(int limit)
    {
        using var session = Begin(relaxed: true);
        var due = session.Query(SqliteDueSql.Remove, static row => (Score: row.GetDouble(0), Entry: row.GetString(1)), ("@limit", limit));
        if (due.Count == 0)
            return [];
        var entries = due.OrderBy(static one => one.Score).ThenBy(static one => one.Entry, StringComparer.Ordinal)
            .Select(static one => one.Entry).ToArray();
        var queues = session.Query(SqliteDueSql.Enqueue, static row => row.GetString(0), ("@entries", entries));
        session.Commit();
        return queues;
    }

    public override IDisposable WatchRevocations(Action<IReadOnlyList<Revocation>> revoked) =>
        new SqliteRevocations(this, _watch, revoked);

    public override (long First, int Count) ReserveIds()
    {
        using var session = Take(transactional: false, relaxed: true);
        return (session.Number($"UPDATE {{s}}job_id SET next = next + {IdsPerBlock} RETURNING next - {IdsPerBlock}")!.Value, IdsPerBlock);
    }

    public override string AnyOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

    public override string LookUp(string key, string value) => $"{key} = {value}";

    public override string Like(string column, string parameter) => $"{column} LIKE {parameter} ESCAPE '\\'";

    public override void BindArray(DbCommand command, string name, Array values) =>
        command.Parameters.Add(new SqliteParameter(name, JsonSerializer.Serialize(values, values.GetType())));

    public override bool IsUnavailable(Exception exception) => exception is SqliteException
    {
        // Busy, locked, read-only, input/output, corrupt, full, cannot open, not a database.
        SqliteErrorCode: 5 or 6 or 8 or 10 or 11 or 13 or 14 or 26,
    };

    public override JobStorageFault FaultOf(Exception exception) => (exception as SqliteException)?.SqliteErrorCode switch
    {
        5 or 6 => JobStorageFault.Overloaded,
        8 => JobStorageFault.ReadOnly,
        13 => JobStorageFault.DiskFull,
        14 => File.Exists(_path) ? JobStorageFault.AccessDenied : JobStorageFault.DatabaseMissing,
        26 => JobStorageFault.TablesMissing,
        _ => JobStorageFault.Other,
    };

    // One writer at a time: they wait for each other.
    public override bool IsConflict(Exception exception) => false;

    public override bool IsRefusal(Exception exception) => exception is SqliteException;

    /// <summary>The turn to write, for the commit connection.</summary>
    public T WithTurn<T>(Func<SqliteStatements, T> work)
    {
        lock (_turn)
        {
            var connection = Writer(relaxed: false);
            try
            {
                return work(Statements ??= new SqliteStatements(connection));
            }
            catch (SqliteException)
            {
                Drop(relaxed: false);
                throw;
            }
        }
    }

    public SqliteConnection Connect(string settings, bool pooled = false)
    {
        var connection = new SqliteConnection(pooled ? _connectionString : _connectionString + ";Pooling=False");
        try
        {
            connection.Open();
            // The database is in this process, and so has its time.
            if (!Time.IsSystem())
                connection.CreateFunction(TimeFunction, () => Micros.Now(Time));
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)_options.BusyTimeout.TotalMilliseconds}; {settings}");
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        _watch.Dispose();
        lock (_turn)
        {
            _disposed = true;
            Drop(relaxed: false);
            Drop(relaxed: true);
        }
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
    }

    private Session Take(bool transactional, bool relaxed)
    {
        Monitor.Enter(_turn);
        try
        {
            var connection = Unavailable.Guard(this, () => Writer(relaxed));
            var transaction = transactional ? Unavailable.Guard(this, () => connection.BeginTransaction(deferred: false)) : null;
            return new Session(this, connection, transaction, () => Monitor.Exit(_turn));
        }
        catch
        {
            Monitor.Exit(_turn);
            throw;
        }
    }

    // What may be lost in a power cut does not wait for the disk.
    private SqliteConnection Writer(bool relaxed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ref var connection = ref relaxed ? ref _relaxed : ref _durable;
        if (connection is null)
        {
            connection = Connect("PRAGMA journal_mode = WAL; PRAGMA synchronous = " + (relaxed || !_options.Durable ? "NORMAL" : "FULL"));
            connection.CreateFunction(
                LivenessFunction, (long? key) => key is { } known && _canLockFiles && SqliteLivenessLock.IsFree(_path, known));
        }
        return connection;
    }

    private void Drop(bool relaxed)
    {
        if (!relaxed)
        {
            Statements?.Dispose();
            Statements = null;
        }
        ref var connection = ref relaxed ? ref _relaxed : ref _durable;
        connection?.Dispose();
        connection = null;
    }
}
