using System.Data.Common;
using System.Globalization;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Reads of workflows, and what is done to them as a whole.</summary>
internal static class WorkflowTable
{
    private const string Columns = """
        w.id, w.queue, w.name, w.created_at, w.members, w.waiting, w.succeeded, w.failed, w.deleted, w.finished_at, w.cancelled_at,
        w.cancelled_by, w.cancel_reason, w.on_finished
        """;

    // How long jobs stay that have expired while their workflow may still need them.
    private const string Postponement = "3600000000";

    public static JobWorkflowStatus? Find(ISessions sessions, long id)
    {
        using var session = sessions.Read();
        return session.First($"SELECT {Columns} FROM {{s}}workflow AS w WHERE w.id = @id", Read, ("@id", id));
    }

    public static List<JobWorkflowStatus> List(ISessions sessions, string? queue, long? before, int count)
    {
        using var session = sessions.Read();
        var ofQueue = queue is null ? "" : "AND w.queue = @queue";
        var sql = $"""
            SELECT {Columns} FROM {"{s}"}workflow AS w WHERE w.id < @before {ofQueue} ORDER BY w.id DESC LIMIT @count
            """;
        return queue is null
            ? session.Query(sql, Read, ("@before", before ?? long.MaxValue), ("@count", count))
            : session.Query(sql, Read, ("@before", before ?? long.MaxValue), ("@count", count), ("@queue", queue));
    }

    public static List<JobWorkflowMember> Members(SqlDatabase database, long id, long after, int count)
    {
        using var session = database.Read();
        return session.Query(
            $$"""
            SELECT m.job_id, j.name, j.state, j.state_at, m.open
            FROM {s}workflow_member AS m
            LEFT JOIN {s}job AS j ON {{database.LookUp("j.id", "m.job_id")}}
            WHERE m.workflow_id = @id AND m.job_id > @after AND m.past >= 0
            ORDER BY m.job_id LIMIT @count
            """,
            static row => new JobWorkflowMember
            {
                JobId = IdOf(row, 0),
                Name = row.TextOrNull(1) ?? "",
                State = row.TextOrNull(2),
                StateAt = row.TimeOrNull(3),
                Open = row.GetInt64(4),
            },
            ("@id", id), ("@after", after), ("@count", count));
    }

    public static List<JobWorkflowEdge> Edges(SqlDatabase database, long[] parents, int count)
    {
        using var session = database.Read();
        return session.Query(
            $$"""
            SELECT e.parent, e.child, e.met_by FROM {s}workflow_edge AS e
            WHERE {{database.AnyOf("e.parent", "@parents")}}
            ORDER BY e.parent, e.child LIMIT @count
            """,
            static row => new JobWorkflowEdge(IdOf(row, 0), IdOf(row, 1), (JobWorkflowCondition)row.GetInt64(2)),
            ("@parents", parents), ("@count", count));
    }

    public static List<JobWorkflowParent> Parents(SqlDatabase database, long child)
    {
        using var session = database.Read();
        return session.Query(
            $$"""
            SELECT e.parent, j.name, {{CurrentState.Columns}}
            FROM {s}workflow_edge AS e
            JOIN {s}job AS j ON {{database.LookUp("j.id", "e.parent")}}
            WHERE e.child = @child AND e.met_by > 0
            ORDER BY e.parent
            """,
            static row =>
            {
                var state = CurrentState.Read(row, 2);
                return new JobWorkflowParent
                {
                    JobId = IdOf(row, 0),
                    Name = row.GetString(1),
                    State = state.Name,
                    Result = state.Name == JobStates.Succeeded ? state.Data.GetValueOrDefault("Result") : null,
                };
            },
            ("@child", child));
    }

    /// <summary>Marks a workflow as cancelled, unless it is.</summary>
    /// <returns>Whether there is such a workflow.</returns>
    public static bool Cancel(ISessions sessions, long id, string by, string? reason)
    {
        using var session = sessions.Write();
        return session.Execute(
            """
            UPDATE {s}workflow SET
                cancelled_at = coalesce(cancelled_at, {now}),
                cancelled_by = CASE WHEN cancelled_at IS NULL THEN @by ELSE cancelled_by END,
                cancel_reason = CASE WHEN cancelled_at IS NULL THEN @reason ELSE cancel_reason END
            WHERE id = @id
            """,
            ("@id", id), ("@by", by), ("@reason", reason)) > 0;
    }

    /// <summary>Jobs of a workflow that have not ended, in the order of their ids.</summary>
    public static List<long> NotEnded(ISessions sessions, long id, long after, bool isWaiting, int count)
    {
        using var session = sessions.Read();
        return session.Query(
            $"SELECT job_id FROM {{s}}workflow_member WHERE workflow_id = @id AND job_id > @after AND outcome = 0 "
                + $"AND past >= 0 {(isWaiting ? "AND open > 0 " : "")}ORDER BY job_id LIMIT @count",
            static row => row.GetInt64(0), ("@id", id), ("@after", after), ("@count", count));
    }

    /// <summary>Keeps those of jobs that have expired whose workflow is not over, as jobs after them may read what they returned.</summary>
    /// <returns>The others.</returns>
    public static long[] Postpone(Session session, SqlDatabase database, long[] ids)
    {
        var kept = session.Query(
            $$"""
            SELECT m.job_id
            FROM {s}workflow_member AS m
            JOIN {s}workflow AS w ON {{database.LookUp("w.id", "m.workflow_id")}}
            WHERE {{database.AnyOf("m.job_id", "@ids")}} AND (w.finished_at IS NULL OR w.waiting > 0)
            """,
            static row => row.GetInt64(0), ("@ids", ids)).ToHashSet();
        if (kept.Count == 0)
            return ids;
        session.Execute(
            $"UPDATE {{s}}job SET expire_at = {{now}} + {Postponement} WHERE {database.AnyOf("id", "@ids")}", ("@ids", kept.ToArray()));
        return [.. ids.Where(id => !kept.Contains(id))];
    }

    /// <summary>Deletes what workflows have of jobs that are deleted, and the workflows without any others.</summary>
    public static void Delete(Session session, SqlDatabase database, long[] ids)
    {
        var workflows = session.Query(
            "SELECT DISTINCT workflow_id FROM {s}workflow_member WHERE " + database.AnyOf("job_id", "@ids"),
            static row => row.GetInt64(0), ("@ids", ids)).ToArray();
        if (workflows.Length == 0)
            return;
        session.Execute("DELETE FROM {s}workflow_member WHERE " + database.AnyOf("job_id", "@ids"), ("@ids", ids));
        session.Execute("DELETE FROM {s}workflow_edge WHERE " + database.AnyOf("parent", "@ids"), ("@ids", ids));
        session.Execute(
            $$"""
            DELETE FROM {s}workflow
            WHERE {{database.AnyOf("id", "@flows")}}
                AND NOT EXISTS (SELECT 1 FROM {s}workflow_member AS m WHERE m.workflow_id = {s}workflow.id AND m.past >= 0)
            """,
            ("@flows", workflows));
    }

    private static string IdOf(DbDataReader row, int column) => row.GetInt64(column).ToString(CultureInfo.InvariantCulture);

    private static JobWorkflowStatus Read(DbDataReader row) => new()
    {
        Id = IdOf(row, 0),
        Queue = row.GetString(1),
        Name = row.GetString(2),
        CreatedAt = Micros.ToUtc(row.GetInt64(3)),
        Members = row.GetInt64(4),
        Waiting = row.GetInt64(5),
        Succeeded = row.GetInt64(6),
        Failed = row.GetInt64(7),
        Deleted = row.GetInt64(8),
        FinishedAt = row.TimeOrNull(9),
        CancelledAt = row.TimeOrNull(10),
        CancelledBy = row.TextOrNull(11),
        CancelReason = row.TextOrNull(12),
        OnFinished = row.IsDBNull(13) ? null : IdOf(row, 13),
    };
}
