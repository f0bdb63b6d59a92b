using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Polls whether another connection has changed the file, without reading a table; once for all claimers of a process.</summary>
internal sealed class SqliteWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly TimeSpan _interval;
    private readonly Timer _timer;
    private readonly List<Subscription> _wakes = [];
    private SqliteConnection? _connection;
    private long _version;
    private bool _disposed;

    public SqliteWatch(SqliteDatabase database, TimeSpan interval)
    {
        _database = database;
        _interval = interval;
        _timer = Detached.Start(() => new Timer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

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
            if (_disposed)
                return;
            _connection ??= _database.Connect("PRAGMA query_only = ON");
            using var command = _connection.CreateCommand();
            command.CommandText = "PRAGMA data_version";
            var version = (long)command.ExecuteScalar()!;
            if (version == _version)
                return;
            _version = version;
            Wake();
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
