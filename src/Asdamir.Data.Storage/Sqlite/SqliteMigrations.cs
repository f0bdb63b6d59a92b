using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Creates and updates the tables, in the first process that starts; others wait.</summary>
internal static class SqliteMigrations
{
    public static void Apply(SqliteDatabase database)
    {
        var known = Migration.Of("Sqlite");
        if (!database.MayMigrate)
        {
            using var reader = database.Read();
            var (found, oldest) = reader.Number("SELECT count(*) FROM sqlite_master WHERE name = 'migration'") == 0
                ? (0, 0)
                : Applied(reader);
            Migration.CheckCompatible(found, oldest, known, database);
            if (found < known[^1].Number)
                throw Migration.Outdated(found, known, database.Description);
            return;
        }
        using var session = database.Begin();
        session.Execute("""
            CREATE TABLE IF NOT EXISTS {s}migration (
                number INTEGER PRIMARY KEY,
                oldest_compatible INTEGER NOT NULL,
                applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """);
        var (applied, oldestCompatible) = Applied(session);
        Migration.CheckCompatible(applied, oldestCompatible, known, database);
        foreach (var migration in known.Where(migration => migration.Number > applied))
        {
            session.Execute(migration.Sql);
            session.Execute(
                "INSERT INTO {s}migration (number, oldest_compatible) VALUES (@number, @oldest)", ("@number", migration.Number),
                ("@oldest", Migration.OldestCompatible));
        }
        session.Commit();
    }

    private static (int Applied, int OldestCompatible) Applied(Session session) =>
        session.First("SELECT coalesce(max(number), 0), coalesce(max(oldest_compatible), 0) FROM {s}migration", static row =>
            (row.GetInt32(0), row.GetInt32(1)));
}
