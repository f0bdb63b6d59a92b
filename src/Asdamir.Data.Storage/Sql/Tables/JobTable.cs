namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads and locks of single jobs.</summary>
internal static class JobTable
{
    public static JobRow? Find(ISessions sessions, long id)
    {
        using var session = sessions.Read();
        return session.First($"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE j.id = @id", JobRow.Read, ("@id", id));
    }

    /// <summary>The parameters of a job as stored.</summary>
    public static string? Parameters(ISessions sessions, long id) =>
        sessions.Texts("SELECT parameters FROM {s}job WHERE id = @id", ("@id", id)).FirstOrDefault();

    /// <summary>Which of these jobs exist.</summary>
    public static List<long> Existing(ISessions sessions, long[] ids)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id FROM {s}job WHERE " + sessions.AnyOf("id", "@ids"), static row => row.GetInt64(0), ("@ids", ids));
    }

    /// <summary>Marks the row of a job, which changes its version, unless another writer has it marked.</summary>
    /// <param name="exists">Whether there is such a job.</param>
    /// <returns>The row with the mark; <see langword="null"/> when it is not marked.</returns>
    public static JobRow? TryLock(ISessions sessions, long id, TimeSpan validity, out bool exists)
    {
        using var session = sessions.Write();
        var row = session.First(
            $$"""
            UPDATE {s}job SET version = version + 1, locked_until = {now} + @validity
            WHERE id = @id AND (locked_until IS NULL OR locked_until NOT BETWEEN {now} AND {now} + {{RowLockTimes.Longest}})
            RETURNING {{JobRow.ReturnedColumns}}
            """,
            JobRow.Read, ("@id", id), ("@validity", Micros.Of(validity)));
        exists = row is not null || session.Number("SELECT 1 FROM {s}job WHERE id = @id", ("@id", id)) is not null;
        return row;
    }

    /// <summary>Removes the mark from the row of a job.</summary>
    public static void Unlock(ISessions sessions, JobRow row)
    {
        using var session = sessions.Write();
        session.Execute(
            "UPDATE {s}job SET locked_until = NULL WHERE id = @id AND locked_until = @locked", ("@id", row.Id),
            ("@locked", row.LockedUntil));
    }
}
