using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Reads which claims other processes have revoked, whenever the file has changed.</summary>
internal sealed class SqliteRevocations : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly Action<IReadOnlyList<Revocation>> _revoked;
    private readonly IDisposable _subscription;
    private long? _last;

    public SqliteRevocations(SqliteDatabase database, SqliteWatch watch, Action<IReadOnlyList<Revocation>> revoked)
    {
        _database = database;
        _revoked = revoked;
        Look();
        _subscription = watch.Subscribe(Look);
    }

    public void Dispose() => _subscription.Dispose();

    // What was revoked before the first look concerns no claim of this storage.
    private void Look()
    {
        try
        {
            using var session = _database.Read();
            if (_last is not { } last)
            {
                _last = session.Number("SELECT coalesce(max(id), 0) FROM {s}revocation");
                return;
            }
            var found = session.Query(
                "SELECT id, job_id, version FROM {s}revocation WHERE id > @last ORDER BY id",
                static row => (Id: row.GetInt64(0), Revocation: new Revocation(row.GetInt64(1), row.GetInt64(2))), ("@last", last));
            if (found.Count == 0)
                return;
            _last = found[^1].Id;
            _revoked(found.ConvertAll(static row => row.Revocation));
        }
        catch (JobStorageUnavailableException)
        {
            // It looks again after the next change.
        }
    }
}
