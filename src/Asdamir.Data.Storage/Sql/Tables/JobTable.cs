namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads and locks of jobs.</summary>
internal static class JobTable
{
    /// <summary>Whether no writer has marked the row.</summary>
    public const string IsFree =
        "(locked_until IS NULL OR locked_until NOT BETWEEN {now} AND {now} + " + RowLockTimes.Longest + ")";

    public static JobRow? Find(ISessions sessions, long id)
    {
        using var session = sessions.Read();
        return session.First($"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE j.id = @id", JobRow.Read, ("@id", id));
    }

    /// <summary>The rows of those of these jobs that exist.</summary>
    public static List<JobRow> Rows(ISessions sessions, long[] ids)
    {
        using var session = sessions.Read();
        return session.Query(
            $"SELECT {JobRow.Columns} FROM {{s}}job AS j WHERE " + sessions.AnyOf("j.id", "@ids"), JobRow.Read, ("@ids", ids));
    }

    /// <summary>The row of a job, and when it expires.</summary>
    public static (JobRow Row, DateTime? ExpireAt)? Details(ISessions sessions, long id)
    {
        using var session = sessions.Read();
        return session.First<(JobRow, DateTime?)?>(
            $"SELECT {JobRow.Columns}, j.expire_at FROM {{s}}job AS j WHERE j.id = @id",
            static row => (JobRow.Read(row), row.TimeOrNull(JobRow.Count)), ("@id", id));
    }

    /// <summary>The state of a job that has one.</summary>
    public static CurrentState? State(ISessions sessions, long id)
    {
        using var session = sessions.Read();
        return session.First(
            $"SELECT {CurrentState.Columns} FROM {{s}}job AS j WHERE j.id = @id AND j.state IS NOT NULL",
            static row => CurrentState.Read(row, 0), ("@id", id));
    }

    /// <summary>The names of the states of those of these jobs that exist.</summary>
    public static Dictionary<long, string?> States(ISessions sessions, long[] ids)
    {
        using var session = sessions.Read();
        return session.Query(
            "SELECT id, state FROM {s}job WHERE " + sessions.AnyOf("id", "@ids"),
            static row => KeyValuePair.Create(row.GetInt64(0), row.TextOrNull(1)), ("@ids", ids)).ToDictionary();
    }

    /// <summary>The states of those of these jobs that have one.</summary>
    public static Dictionary<long, CurrentState> CurrentStates(ISessions sessions, long[] ids)
    {
        using var session = sessions.Read();
        return session.Query(
            $"SELECT j.id, {CurrentState.Columns} FROM {{s}}job AS j WHERE j.state IS NOT NULL AND " + sessions.AnyOf("j.id", "@ids"),
            static row => KeyValuePair.Create(row.GetInt64(0), CurrentState.Read(row, 1)), ("@ids", ids)).ToDictionary();
    }

    /// <summary>The states of those of these jobs that are Processing.</summary>
    public static Dictionary<long, CurrentState> Processing(ISessions sessions, long[] ids)
    {
        using var session = sessions.Read();
        return session.Query(
            $"SELECT j.id, {CurrentState.Columns} FROM {{s}}job AS j WHERE j.state = '{JobStates.Processing}' AND "
                + sessions.AnyOf("j.id", "@ids"),
            static row => KeyValuePair.Create(row.GetInt64(0), CurrentState.Read(row, 1)), ("@ids", ids)).ToDictionary();
    }

    /// <summary>A page of the jobs in a state.</summary>
    public static List<ListedJob> InState(ISessions sessions, string state, bool newestFirst, int from, int count)
    {
        var order = newestFirst ? "state_at DESC, id DESC" : "state_at, id";
        using var session = sessions.Read();
        return session.Query(
            $"SELECT {ListedJob.Columns} FROM {{s}}job AS j WHERE {StateSql.Is("j.state", state)} "
                + $"ORDER BY {order} LIMIT @count OFFSET @from",
            ListedJob.Read, ("@from", from), ("@count", count));
    }

    /// <summary>Which jobs failed most among the newest ones, each with how often and the last time.</summary>
    public static List<(string Name, string Queue, long Count, DateTime LastAt, long LastId)> TopFailures(
        ISessions sessions, string? queue, DateTime from, int size, int window)
    {
        using var session = sessions.Read();
        return session.Query(
            $$"""
            SELECT name, queue, count(*), max(state_at), max(id) FROM (
                SELECT name, queue, state_at, id FROM {s}job
                WHERE {{StateSql.Is("state", JobStates.Failed)}} AND state_at >= @from {{(queue is null ? "" : "AND queue = @queue")}}
                ORDER BY state_at DESC, id DESC LIMIT {{window}}) AS failed
            GROUP BY name, queue ORDER BY 3 DESC, 4 DESC LIMIT {{size}}
            """,
            static row => (row.GetString(0), row.GetString(1), row.GetInt64(2), Micros.ToUtc(row.GetInt64(3)), row.GetInt64(4)),
            queue is null ? [("@from", Micros.Of(from))] : [("@from", Micros.Of(from)), ("@queue", queue)]);
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

    /// <summary>
    /// Marks the row of a job, which changes its version, unless another writer has it marked. It waits for no transaction.
    /// </summary>
    /// <param name="obstacle">Why the row is not marked.</param>
    /// <returns>The row with the mark; <see langword="null"/> when it is not marked.</returns>
    public static JobRow? TryLock(ISessions sessions, long id, TimeSpan validity, out RowLockObstacle obstacle)
    {
        using var session = sessions.Write();
        obstacle = RowLockObstacle.None;
        if (session.First(
            $$"""
            UPDATE {s}job SET version = version + 1, locked_until = {now} + @validity
            WHERE id = (SELECT id FROM {s}job WHERE id = @id AND {{IsFree}}{{sessions.SkipLocked}})
            RETURNING {{JobRow.ReturnedColumns}}
            """,
            JobRow.Read, ("@id", id), ("@validity", Micros.Of(validity))) is { } row)
        {
            return row;
        }
        obstacle = session.Number($"SELECT CASE WHEN {IsFree} THEN 1 ELSE 0 END FROM {{s}}job WHERE id = @id", ("@id", id)) switch
        {
            null => RowLockObstacle.NoSuchJob,
            0 => RowLockObstacle.OtherWriter,
            _ => RowLockObstacle.OpenTransaction,
        };
        return null;
    }

    /// <summary>Removes the mark from the row of a job. In a row that another transaction has changed, it expires.</summary>
    public static void Unlock(ISessions sessions, JobRow row)
    {
        using var session = sessions.Write();
        session.Execute(
            $$"""
            UPDATE {s}job SET locked_until = NULL
            WHERE id = (SELECT id FROM {s}job WHERE id = @id AND locked_until = @locked{{sessions.SkipLocked}})
            """,
            ("@id", row.Id), ("@locked", row.LockedUntil));
    }
}
