using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Looks whether any other connection has changed the file, which costs no read of a table.</summary>
internal sealed class SqliteWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly Action _wake;
    private readonly Timer _timer;
    private SqliteConnection? _connection;
    private long _version;
    private bool _disposed;

    public SqliteWatch(SqliteDatabase database, TimeSpan interval, Action wake)
    {
        (_database, _wake) = (database, wake);
        _timer = new Timer(_ => Look(), null, interval, interval);
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
            _wake();
        }
        catch (SqliteException)
        {
            // Workers look by themselves, too.
            _connection?.Dispose();
            _connection = null;
        }
        finally
        {
            _gate.Exit();
        }
    }
}
