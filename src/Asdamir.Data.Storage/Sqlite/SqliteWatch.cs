using Asdamir.Data.Storage.Threading;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>
/// Sees whether another connection has changed the file, without reading a table; once for all claimers of a process. While the file
/// changes, it polls: a look costs less than the report of each write. When the file has been unchanged for a moment, it waits until
/// the operating system reports a change, so that an idle process does nothing.
/// </summary>
internal sealed class SqliteWatch : IDisposable
{
    // How long the file must be unchanged.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // For changes that are not reported, as those through another mount of the folder.
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(1);

    // After a refusal: other processes may watch fewer files by then.
    public static readonly TimeSpan Refused = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly List<Subscription> _wakes = [];
    private FileSystemWatcher? _reports;
    private SqliteConnection? _connection;
    private long _version;
    private long _changedAt;
    private volatile bool _isReported;
    private long? _refusedAt;
    private Exception? _refusal;
    private bool _disposed;

    /// <param name="database">Whose file it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="interval">How often it polls.</param>
    /// <param name="time">Measures how long the file has been unchanged.</param>
    public SqliteWatch(SqliteDatabase database, string path, TimeSpan interval, TimeProvider time)
    {
        _database = database;
        _path = Path.GetFullPath(path);
        _interval = interval;
        _time = time;
        _timer = Detached.Start(() => time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Whether it waits for a report of the operating system.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate)
                return _reports is not null;
        }
    }

    /// <summary>Why the operating system reports no changes; <see langword="null"/> when it does, or was not asked.</summary>
    public Exception? Refusal => Volatile.Read(ref _refusal);

    /// <summary>Calls back when the file has changed, until the subscription is disposed.</summary>
    public IDisposable Subscribe(Action wake)
    {
        var subscription = new Subscription(this, wake);
        lock (_wakes)
        {
            _wakes.Add(subscription);
            if (_wakes.Count == 1)
                _timer.Change(_interval, _interval);
        }
        return subscription;
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _reports?.Dispose();
            _connection?.Dispose();
        }
    }

    private void Drop()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (SqliteException)
        {
            // The connection is unusable.
        }
        _connection = null;
    }

    private void Look()
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            if (!_disposed)
                LookAtVersion();
        }
        catch (Exception)
        {
            // Workers poll, too, and an exception of a timer would end the process.
            Drop();
        }
        finally
        {
            _gate.Exit();
        }
    }

    // Requires the gate.
    private void LookAtVersion()
    {
        if (_isReported)
        {
            // The commit that has written to the log may become visible only when it is on disk.
            _isReported = false;
            _changedAt = _time.GetTimestamp();
            Poll();
        }
        _connection ??= _database.Connect("PRAGMA query_only = ON");
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        var version = (long)command.ExecuteScalar()!;
        if (version != _version)
        {
            _version = version;
            _changedAt = _time.GetTimestamp();
            Poll();
            Wake();
        }
        else if (_reports is null
            && _time.GetElapsedTime(_changedAt) >= Moment
            && (_refusedAt is not { } refusedAt || _time.GetElapsedTime(refusedAt) >= Refused))
        {
            AwaitReport();
        }
    }

    // Requires the gate.
    private void Poll()
    {
        if (_reports is null)
            return;
        _reports.Dispose();
        _reports = null;
        SetTimer(_interval, _interval);
    }

    // Requires the gate. The next look follows at once: the file may have changed since this one.
    private void AwaitReport()
    {
        try
        {
            // Every commit writes to the log, which is made anew when the last process has left.
            _reports = new FileSystemWatcher(Path.GetDirectoryName(_path)!, Path.GetFileName(_path) + "-wal");
            _reports.NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName;
            _reports.Changed += OnReport;
            _reports.Created += OnReport;
            _reports.Error += OnReport;
            _reports.EnableRaisingEvents = true;
            _refusedAt = null;
            Volatile.Write(ref _refusal, null);
            SetTimer(TimeSpan.Zero, _interval > QuietInterval ? _interval : QuietInterval);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // Too many processes watch files.
            _refusedAt = _time.GetTimestamp();
            Volatile.Write(ref _refusal, exception);
            Poll();
        }
    }

    private void OnReport(object sender, EventArgs change)
    {
        _isReported = true;
        SetTimer(TimeSpan.Zero, _interval);
    }

    private void SetTimer(TimeSpan due, TimeSpan period)
    {
        lock (_wakes)
        {
            if (_wakes.Count > 0)
                _timer.Change(due, period);
        }
    }

    private void Wake()
    {
        List<Subscription> wakes;
        lock (_wakes)
            wakes = [.. _wakes];
        wakes.ForEach(static subscription => subscription.Wake());
    }

    private void Remove(Subscription subscription)
    {
        lock (_wakes)
        {
            if (_wakes.Remove(subscription) && _wakes.Count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Subscription(SqliteWatch watch, Action wake) : IDisposable
    {
        public void Wake() => wake();

        public void Dispose() => watch.Remove(this);
    }
}
