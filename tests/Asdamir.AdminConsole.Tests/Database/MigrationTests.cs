using Asdamir.AdminConsole.Database;
using Asdamir.AdminConsole.Features.SignIn;
using Kit;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Tests.Database;

/// <summary>The console updates its own file, and refuses that of a newer console.</summary>
public sealed class MigrationTests : IDisposable
{
    // As the console made it before its tables had a version.
    private const string UnversionedTables = """
        CREATE TABLE account (name TEXT PRIMARY KEY COLLATE NOCASE, password_hash TEXT NOT NULL, grants TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE session (id TEXT PRIMARY KEY, actor TEXT, subject TEXT, provider_session TEXT, ends_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, phase TEXT NOT NULL, action TEXT NOT NULL, action_id TEXT, company TEXT, actor TEXT,
            role TEXT, target TEXT, reason TEXT, done INTEGER, skipped INTEGER, failed INTEGER, remarks TEXT, address TEXT, trace_id TEXT);
        INSERT INTO account VALUES ('ada', 'hash', 'operator:acme', 'stamp');
        INSERT INTO audit (at, phase, action, actor) VALUES (1, 'Event', 'SignIn', 'ada');
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public void Open_UpdatesTheTablesAndKeepsTheRows_WhenTheFileIsOlder()
    {
        Execute(UnversionedTables);

        var database = new ConsoleDatabase(_folder.Path);

        Assert.Equal(Migrations.Latest, Scalar("PRAGMA user_version"));
        Assert.Equal(["operator:acme"], new LocalAccounts(database, new SignInOptions(), TimeProvider.System).Find("ada")!.Grants);
        Assert.Equal(1, Scalar("SELECT count(*) FROM audit WHERE actor = 'ada' AND subject IS NULL"));
        Assert.Throws<SqliteException>(() => database.Execute("DELETE FROM audit"));
    }

    [Fact]
    public void Open_ChangesNothing_WhenTheFileIsUpToDate()
    {
        _ = new ConsoleDatabase(_folder.Path);
        var before = Schema();

        _ = new ConsoleDatabase(_folder.Path);

        Assert.Equal(before, Schema());
    }

    [Fact]
    public void Open_RefusesWithTheVersionsAndTheFix_WhenTheFileIsNewer()
    {
        _ = new ConsoleDatabase(_folder.Path);
        Execute($"PRAGMA user_version = {Migrations.Latest + 1}; ALTER TABLE account RENAME TO person");
        var before = Schema();

        var refusal = Assert.Throws<ConsoleMisconfiguredException>(() => new ConsoleDatabase(_folder.Path));

        Assert.Contains(
            $"DataFolder: '{_folder.PathOf("console.db")}' has the version {Migrations.Latest + 1}", refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            $"this console knows version {Migrations.Latest}. Nothing was changed. Fix: start the newer console", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Schema());
    }

    [Fact]
    public async Task Open_AppliesEachMigrationOnce_WhenConsolesStartAtOnce()
    {
        Execute(UnversionedTables);
        using var start = new ManualResetEventSlim();
        var consoles = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait(TestContext.Current.CancellationToken);
                return new ConsoleDatabase(_folder.Path);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();

        start.Set();
        await Task.WhenAll(consoles);

        Assert.Equal(Migrations.Latest, Scalar("PRAGMA user_version"));
        Assert.Equal(1, Scalar("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task Open_AppliesAllMigrations_WhenTheConsoleBeforeWasKilledInTheMiddle()
    {
        Execute(UnversionedTables);
        // The migration to version 2 updates the sessions, and so never ends.
        Execute("""
            INSERT INTO session (id, actor, ends_at) VALUES ('1', 'ada', 9);
            CREATE TRIGGER endless AFTER UPDATE ON session
            BEGIN
                SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n);
            END;
            PRAGMA user_version = 1;
            """);
        await using (var console = new AccountsProcess(_folder.Path))
        {
            await Until.TrueAsync(IsLocked, "the migration has begun");
            await console.KillAsync();
        }
        Assert.Equal(1, Scalar("PRAGMA user_version"));
        Execute("DROP TRIGGER endless");

        _ = new ConsoleDatabase(_folder.Path);

        Assert.Equal(Migrations.Latest, Scalar("PRAGMA user_version"));
        Assert.Equal(1, Scalar("SELECT count(*) FROM session WHERE origin = '1'"));
    }

    private bool IsLocked()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.PathOf("console.db")};Default Timeout=1;Pooling=False");
        connection.Open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return false;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == 5)
        {
            return true;
        }
    }

    private string Schema() =>
        string.Join('\n', Query("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name", static row => row.GetString(0)));

    private long Scalar(string sql) => Query(sql, static row => row.GetInt64(0)).Single();

    private void Execute(string sql) => Query(sql, static _ => 0);

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.PathOf("console.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        List<T> rows = [];
        while (row.Read())
            rows.Add(read(row));
        return rows;
    }

    /// <summary>A console that opens the folder, as a process.</summary>
    private sealed class AccountsProcess(string folder) : ChildProcess(
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "Asdamir.AdminConsole.dll"), "accounts", "list"],
        new Dictionary<string, string>
        {
            ["DataFolder"] = folder,
            ["Companies__0__Code"] = "acme",
            ["Companies__0__Storage__ConnectionString"] = "Data Source=jobs.db",
        });
}
