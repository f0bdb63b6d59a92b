using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Database;

/// <summary>
/// Applies the numbered, append-only files of <c>Migrations/</c>. SQLite's <c>user_version</c> holds the number of the last applied one,
/// and is part of the transaction that applies them: a console that is killed leaves all of them or none.
/// </summary>
internal static class Migrations
{
    private const string Folder = "Migrations/";

    private static readonly IReadOnlyList<Migration> All = Load();

    /// <summary>The version of the tables that this console works with.</summary>
    public static int Latest => All[^1].Number;

    /// <param name="path">The file, for messages.</param>
    /// <exception cref="ConsoleMisconfiguredException">A newer console has updated the file.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        CheckNotNewer(VersionOf(connection), path);
        Execute(connection, "PRAGMA journal_mode = WAL");
        if (VersionOf(connection) == Latest)
            return;
        // Takes the write lock before the version is read: of two consoles that start at once, the second finds the tables up to date.
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = VersionOf(connection);
        CheckNotNewer(version, path);
        foreach (var migration in All.Where(migration => migration.Number > version))
            Execute(connection, migration.Sql);
        if (version == 0)
            AddSubject(connection);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Latest}"));
        transaction.Commit();
    }

    private static void CheckNotNewer(int version, string path)
    {
        if (version > Latest)
        {
            throw new ConsoleMisconfiguredException([
                $"DataFolder: '{path}' has the version {version} of a newer console; this console knows version {Latest}. "
                + "Nothing was changed. Fix: start the newer console, or set DataFolder to another folder."]);
        }
    }

    // Files from before the migrations have version 0, and the oldest ones lack this column.
    private static void AddSubject(SqliteConnection connection)
    {
        if (Scalar(connection, "SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'subject'") == 0)
            Execute(connection, "ALTER TABLE audit ADD COLUMN subject TEXT");
    }

    private static int VersionOf(SqliteConnection connection) => (int)Scalar(connection, "PRAGMA user_version");

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(int.Parse(name.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture), Read(assembly, name)))];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private sealed record Migration(int Number, string Sql);
}
