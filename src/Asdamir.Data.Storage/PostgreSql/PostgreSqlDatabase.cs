using System.Data;
using System.Data.Common;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Telemetry;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>A schema of a PostgreSQL database.</summary>
internal sealed class PostgreSqlDatabase : JobDatabase
{
    // Not clock_timestamp(): it differs for every row, so no index can be used with it.
    private const string Now = "CAST(extract(epoch FROM statement_timestamp()) * 1000000 AS bigint)";

    // A process that is suspended or disconnected between two statements must not keep its rows locked.
    private const string EndWhenIdle = "SET LOCAL idle_in_transaction_session_timeout = '10s'";

    // Between two reads, a search compares what it has read with its text.
    private const string OfSnapshots = "SET LOCAL idle_in_transaction_session_timeout = '60s'; SET TRANSACTION READ ONLY";

    private const string Relaxed = "SET LOCAL synchronous_commit = off";

    private const int IdsPerBlock = 100;
    private const int ResetSeconds = 2;

    private readonly StorageLog _log = new(typeof(PostgreSqlDatabase));
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly PostgreSqlJobStorageOptions _options;
    private readonly PostgreSqlChannels _channels;
    private readonly PostgreSqlListener _listener;
    private PostgreSqlSource _source;
    private PostgreSqlSource _leaseSource;

    public PostgreSqlDatabase(string connectionString, PostgreSqlJobStorageOptions options)
        : base(
            $"\"{options.Schema}\".", Now, options.Retention,
            new StorageTelemetry("postgresql", PostgreSqlSettings.NamespaceOf(connectionString, options.Schema), options.Time),
            options.Time)
    {
        _options = options;
        _channels = new PostgreSqlChannels(options.Schema);
        _settings = PostgreSqlSettings.Of(connectionString, options);
        Description = $"PostgreSQL at {PostgreSqlHosts.NamesOf(_settings)}, database {_settings.Database}, schema {options.Schema}";
        _source = new PostgreSqlSource(_settings);
        _leaseSource = new PostgreSqlSource(LeaseSettings());
        Notifier = new PostgreSqlNotifier(this);
        _listener = new PostgreSqlListener(this);
        Told = new ToldTimes(options.Time);
        Claims = new MeasuredClaims(new PostgreSqlClaimSource(this), Telemetry);
    }

    public PostgreSqlNotifier Notifier { get; }

    public ToldTimes Told { get; }

    public override string Description { get; }

    public override string Removal => $"drop the schema (DROP SCHEMA \"{_options.Schema}\" CASCADE)";

    public override string Advice =>
        "check that the server is up, reachable, writable and not full"
        + (PostgreSqlHosts.AreSeveral(_settings) ? ", that one of the hosts is the primary" : "")
        + ", and that the role may use database and schema";

    /// <summary>The name of the database; <see langword="null"/> for the one that is named like the role.</summary>
    public string? Name => _settings.Database;

    /// <summary>How long a transaction that ends a job may be idle: it has ended before the lease of a suspended process has.</summary>
    public TimeSpan LongestIdle => _options.LeaseTimeout / 2;

    public override void Migrate() => Unavailable.Guard(this, () =>
    {
        ReplaceDefaults();
        PostgreSqlMigrations.Apply(this, _source, _options);
    });

    public override Session Read() => Open(readOnly: true);

    public override Session ReadSnapshot() => Begin(Connect(), IsolationLevel.RepeatableRead, OfSnapshots);

    public override Session Write() => Open(readOnly: false);

    public override Session Begin(bool relaxed = false) =>
        Begin(Connect(), IsolationLevel.ReadCommitted, relaxed ? $"{EndWhenIdle}; {Relaxed}" : EndWhenIdle);

    public override Session ForLease(bool transactional = false)
    {
        var connection = Unavailable.Guard(this, _leaseSource.Open);
        return transactional
            ? Begin(connection, IsolationLevel.ReadCommitted, EndWhenIdle)
            : new Session(this, connection, null, connection.Dispose);
    }

    public override ILivenessLock TakeLivenessLock(Action changed) =>
        new PostgreSqlLivenessLock(this, LeaseSettings(), changed);

    public override string LivenessLockIsFree => PostgreSqlLivenessLock.IsFree;

    public override string LivenessServer => PostgreSqlLivenessLock.Server;

    /// <summary>The advisory locks of the limits of queues, in one order everywhere.</summary>
    public long[] LockKeysOf(IEnumerable<string> queues) =>
        [.. queues.Distinct(StringComparer.Ordinal).Select(_channels.LimitKeyOf).Order()];

    public override void Notify(IReadOnlyCollection<string> queues) =>
        Notifier.Tell([.. _channels.NotificationsOf(queues)]);

    public override ICommitConnection OpenCommitConnection(long leaseId) => new PostgreSqlCommitConnection(this, leaseId);

    public override void CloseCommitConnections(Session session, IReadOnlyList<long> leaseIds) =>
        session.Execute(
            "UPDATE {s}lane SET epoch = epoch + 1, closed_at = {now} WHERE lease_id = ANY(@leases)", ("@leases", leaseIds.ToArray()));

    public override long DeleteClosedCommitConnections(TimeSpan age)
    {
        using var session = Write();
        return session.Execute("DELETE FROM {s}lane WHERE closed_at < {now} - @age", ("@age", Micros.Of(age)));
    }

    public override string SkipLocked => " FOR UPDATE SKIP LOCKED";

    public override IClaimSource Claims { get; }

    // A proxy that pools transactions would keep the channels on a connection of others.
    protected override IDisposable Watch(IReadOnlyList<string> queues, Action wake) =>
        _listener.Subscribe(_options.PrepareStatements ? queues.Select(_channels.Of) : [], _ => wake());

    public override IDisposable WatchRevocations(Action<IReadOnlyList<Revocation>> revoked) =>
        _listener.Subscribe(WakesOthers ? [_channels.Revocations] : [], text => revoked(Revocation.Parse(text)));

    public override IDisposable WatchClock(Action wake) => _listener.Subscribe(WakesOthers ? [_channels.Clock] : [], _ => wake());

    public override void WakeClocks() => Notifier.Tell([new Notification(_channels.Clock, "")]);

    public override bool WakesOthers => _options.PrepareStatements;

    public override IReadOnlyList<string> EnqueueDue(int limit)
    {
        using var session = Write();
        return session.Query(PostgreSqlDueSql.Enqueue, static row => row.GetString(0), ("@limit", limit));
    }

    public override (long First, int Count) ReserveIds()
    {
        using var session = Read();
        return (session.Number("SELECT nextval('{s}job_id')")!.Value, IdsPerBlock);
    }

    public override string AnyOf(string column, string parameter) => $"{column} = ANY({parameter})";

    public override string LookUp(string key, string value) => $"{key} = ANY (ARRAY[{value}])";

    public override string Like(string column, string parameter) => $"{column} ILIKE {parameter} ESCAPE '\\'";

    public override void BindArray(DbCommand command, string name, Array values) =>
        command.Parameters.Add(new NpgsqlParameter(name, values));

    public override bool IsUnavailable(Exception exception) => PostgreSqlErrors.IsUnavailable(exception);

    public override JobStorageFault FaultOf(Exception exception) => PostgreSqlErrors.FaultOf(exception);

    public override bool IsConflict(Exception exception) => PostgreSqlErrors.IsConflict(exception);

    public override bool IsRefusal(Exception exception) => PostgreSqlErrors.IsRefusal(exception);

    /// <summary>What other processes have to know of what was written.</summary>
    /// <param name="sets">What was written.</param>
    /// <param name="told">What the clock was told of before; <see langword="null"/> to tell it of everything.</param>
    public IReadOnlyList<Notification> NotificationsOf(IReadOnlyList<WriteSet> sets, ToldTimes? told) =>
        _channels.NotificationsOf(sets, scheduled => told is not null && (KeepsClock || told.AreSoonerThan(scheduled)));

    public IReadOnlyList<Notification> NotificationsOf(IReadOnlyList<string> queues) => [.. _channels.NotificationsOf(queues)];

    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    public NpgsqlConnection Connect() => Unavailable.Guard(this, _source.Open);

    /// <summary>A dedicated connection with session settings. A proxy that pools transactions would leak them to other clients.</summary>
    /// <exception cref="JobStorageUnavailableException">The database cannot be reached.</exception>
    public NpgsqlConnection Connect(string settings)
    {
        var connection = Connect();
        try
        {
            if (_options.PrepareStatements)
            {
                using var command = new NpgsqlCommand(settings, connection);
                Unavailable.Guard(this, command.ExecuteNonQuery);
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Returns a dedicated connection to the pool, without its session settings and channels.</summary>
    public void Return(NpgsqlConnection connection)
    {
        if (connection.State != ConnectionState.Open)
            Telemetry.ConnectionLost();
        try
        {
            // Behind a proxy that pools transactions there are none.
            if (_options.PrepareStatements && connection.State == ConnectionState.Open)
            {
                using var command = new NpgsqlCommand("RESET ALL; UNLISTEN *", connection) { CommandTimeout = ResetSeconds };
                command.ExecuteNonQuery();
            }
        }
        catch (Exception)
        {
            // It is closed instead of reused.
            _source.Clear();
        }
        finally
        {
            connection.Dispose();
        }
    }

    public override void Dispose()
    {
        Notifier.Dispose();
        _listener.Dispose();
        Claims.Dispose();
        _source.Dispose();
        _leaseSource.Dispose();
    }

    // A proxy may refuse start-up options. Behind one that pools transactions they are not sent.
    private void ReplaceDefaults()
    {
        string options;
        using (var connection = _source.Open())
            options = PostgreSqlDefaults.OptionsFor(connection, Description);
        if (options.Length == 0 || !_options.PrepareStatements)
            return;
        var before = _settings.Options;
        _settings.Options = string.IsNullOrEmpty(before) ? options : $"{before} {options}";
        var source = new PostgreSqlSource(_settings);
        try
        {
            using var connection = source.Open();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ProtocolViolation)
        {
            source.Dispose();
            _settings.Options = before;
            _log.WarnException(
                $"A proxy prevents the job storage ({Description}) from setting '{options}' for its connections. "
                    + "Fix: set it for the role with ALTER ROLE.",
                exception);
            return;
        }
        _source.Dispose();
        _leaseSource.Dispose();
        _source = source;
        _leaseSource = new PostgreSqlSource(LeaseSettings());
    }

    private NpgsqlConnectionStringBuilder LeaseSettings() => PostgreSqlSettings.ForLease(_settings, _options.LeaseTimeout);

    private Session Begin(NpgsqlConnection connection, IsolationLevel isolation, string settings)
    {
        try
        {
            var transaction = connection.BeginTransaction(isolation);
            var session = new Session(this, connection, transaction, connection.Dispose);
            session.Execute(settings);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Session Open(bool readOnly)
    {
        var connection = Connect();
        return new Session(this, connection, null, connection.Dispose, readOnly: readOnly);
    }
}
