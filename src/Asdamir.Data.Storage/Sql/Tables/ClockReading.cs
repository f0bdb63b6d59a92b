namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>What is due next, as one statement reads it. Times are seconds since 1970-01-01 UTC.</summary>
/// <param name="Now">The time of the database.</param>
/// <param name="Delayed">When the next delayed job is due.</param>
/// <param name="Recurring">When the next recurring job is due.</param>
/// <param name="Keeper">The lease of the process that acts at once.</param>
internal sealed record ClockReading(double Now, double? Delayed, double? Recurring, long? Keeper)
{
    /// <summary>The named lock of the process that acts at once.</summary>
    public const string KeeperLock = "asdamir:clock";

    public const string Sql = $$"""
        SELECT {now},
            (SELECT score FROM {s}set_item WHERE key = '{{DueSets.Delayed}}' AND score > @delayed ORDER BY score LIMIT 1),
            (SELECT score FROM {s}set_item WHERE key = '{{DueSets.Recurring}}' AND score > @recurring ORDER BY score LIMIT 1),
            (SELECT lease_id FROM {s}lock WHERE resource = @keeper AND EXISTS (SELECT 1 FROM {s}lease WHERE {s}lease.id = lease_id))
        """;

    /// <param name="sessions">What is read.</param>
    /// <param name="delayedAfter">Which delayed jobs are left out: those that are due up to this time.</param>
    /// <param name="recurringAfter">The same for recurring jobs.</param>
    public static ClockReading Read(ISessions sessions, double delayedAfter, double recurringAfter)
    {
        using var session = sessions.Read();
        return session.First(
            Sql,
            static row => new ClockReading(
                row.GetInt64(0) / DueSets.MicrosPerSecond,
                row.IsDBNull(1) ? null : row.GetDouble(1),
                row.IsDBNull(2) ? null : row.GetDouble(2),
                row.NumberOrNull(3)),
            ("@delayed", delayedAfter), ("@recurring", recurringAfter), ("@keeper", KeeperLock))!;
    }
}
