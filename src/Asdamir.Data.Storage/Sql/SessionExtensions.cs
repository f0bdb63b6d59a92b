namespace Asdamir.Data.Storage.Sql;

/// <summary>Single reads.</summary>
internal static class SessionExtensions
{
    /// <returns>The first number, or <see langword="null"/> when there is no row or no value.</returns>
    public static long? Number(this ISessions sessions, string sql, params ReadOnlySpan<Parameter> parameters)
    {
        using var session = sessions.Read();
        return session.Number(sql, parameters);
    }

    /// <summary>The time of the database.</summary>
    public static long Now(this ISessions sessions) => sessions.Number("SELECT {now}")!.Value;

    /// <returns>The first column of all rows.</returns>
    public static List<string> Texts(this ISessions sessions, string sql, params ReadOnlySpan<Parameter> parameters)
    {
        using var session = sessions.Read();
        return session.Query(sql, static row => row.TextOrNull(0)!, parameters);
    }
}
