namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// How many jobs have begun under a limit with a rate. Starts are counted by slices of the window, of which there are few however many jobs
/// begin; one counts as long as any of its starts can be in a window that ends now.
/// </summary>
internal static class RateSql
{
    /// <summary>A rate that allows no more than so many starts has each of them as a slice.</summary>
    public const int MostSlices = 60;

    /// <summary>How many starts a <c>rule</c> allows; <c>NULL</c> without a rate.</summary>
    public const string Starts = "coalesce(rule.changed_starts, rule.declared_starts)";

    /// <summary>In which window, in microseconds.</summary>
    public const string Window = "coalesce(rule.changed_window, rule.declared_window)";

    /// <summary>How long a slice of a <c>rule</c> is, in microseconds.</summary>
    public static readonly string Slice = $"CASE WHEN {Starts} <= {MostSlices} THEN 1 ELSE {Window} / {MostSlices} END";

    /// <summary>
    /// Which starts count, and when there is room if there is none. Starts of later than now were made before the clock was set back: they
    /// count, and a claim moves them to now.
    /// </summary>
    /// <param name="window">The window.</param>
    public static string Counted(string window) => $$"""
        coalesce(sum(s.number), 0) AS number,
        coalesce(max(s.begun_at), 0) > {now} AS is_later,
        CASE WHEN min(s.ends_at) < {now} THEN min(s.ends_at) ELSE {now} END + {{window}} AS room_at
        """;

    /// <summary>The condition of a row that counts.</summary>
    /// <param name="window">The window.</param>
    public static string Counts(string window) => $"s.ends_at > {{now}} - {window}";

    /// <summary>Adds to what is already counted in the same slice.</summary>
    public const string Add = """
        ON CONFLICT (queue, id, begun_at) DO UPDATE SET
            number = limit_start.number + excluded.number,
            ends_at = CASE WHEN limit_start.ends_at > excluded.ends_at THEN limit_start.ends_at ELSE excluded.ends_at END,
            expire_at = CASE WHEN limit_start.expire_at > excluded.expire_at THEN limit_start.expire_at ELSE excluded.expire_at END
        """;

    public const string Columns = "queue, id, begun_at, ends_at, number, expire_at";

    /// <summary>The values of a slice in which so many begin now.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="id">The limit and key.</param>
    /// <param name="number">How many.</param>
    public static string Now(string queue, string id, string number) => $$"""
        {{queue}}, {{id}}, {now} - {now} % ({{Slice}}), {now} - {now} % ({{Slice}}) + {{Slice}}, {{number}},
        {now} - {now} % ({{Slice}}) + {{Slice}} + {{Window}}
        """;
}
