using Asdamir.Data.Storage.Database;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Creates and updates the tables: by whichever process comes first, while the others wait.</summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteDatabase database)
    {
        var known = Migration.Of("Sqlite");
        using var session = database.Begin();
        session.Execute("""
            CREATE TABLE IF NOT EXISTS {s}migration (
                number INTEGER PRIMARY KEY,
                oldest_compatible INTEGER NOT NULL,
                applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """);
        var (applied, oldestCompatible) = session.First(
            "SELECT coalesce(max(number), 0), coalesce(max(oldest_compatible), 0) FROM {s}migration", static row => (row.GetInt32(0), row.GetInt32(1)));
        Migration.CheckCompatible(applied, oldestCompatible, known, database.Description);
        foreach (var migration in known.Where(migration => migration.Number > applied))
        {
            session.Execute(migration.Sql);
            session.Execute("INSERT INTO {s}migration (number, oldest_compatible) VALUES (@number, @oldest)", ("@number", migration.Number), ("@oldest", Migration.OldestCompatible));
        }
        session.Commit();
    }
}
