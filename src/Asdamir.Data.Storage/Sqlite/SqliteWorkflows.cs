using System.Globalization;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>Creates workflows, and changes those of jobs that end, in the transaction of a commit.</summary>
internal sealed class SqliteWorkflows(SqliteDatabase database, SqliteStatements statements)
{
    private const string Create = """
        INSERT INTO workflow (id, queue, name, created_at, members, on_finished, waiting, succeeded, failed, deleted)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0)
        """;

    private const string AddMember = "INSERT INTO workflow_member (job_id, workflow_id, open) VALUES ($1, $2, $3)";
    private const string AddEdge = "INSERT INTO workflow_edge (parent, child, met_by) VALUES ($1, $2, $3)";
    private const string Lower = "UPDATE workflow_member SET open = $2 WHERE job_id = $1";
    private const string End = "UPDATE workflow_member SET outcome = $2, past = past | $2, open = 0 WHERE job_id = $1";
    private const string Unlist = $"DELETE FROM set_item WHERE key = '{DueSets.Awaiting}' AND value = CAST($1 AS TEXT)";

    private const string Count = """
        UPDATE workflow
        SET succeeded = succeeded + $2,
            failed = failed + $3,
            deleted = deleted + $4,
            waiting = waiting + $5,
            finished_at = CASE
                WHEN members = succeeded + $2 + failed + $3 + deleted + $4 + waiting + $5 THEN coalesce(finished_at, $6) END
        WHERE id = $1
        """;

    private const string Finisher = "SELECT on_finished FROM workflow WHERE id = $1 AND finished_at IS NOT NULL";

    private static readonly string Begin =
        $"UPDATE job SET {WorkflowSql.Begin("$2", "char(9)")} WHERE id = $1 AND coalesce(state, '') = 'Awaiting'";

    private static readonly string Drop =
        $"UPDATE job SET {WorkflowSql.Drop("$2", "$3")} WHERE id = $1 AND coalesce(state, '') = 'Awaiting'";

    private const string Queue = "SELECT queue FROM job WHERE id = $1";

    private const string History = """
        INSERT INTO state (job_id, name, reason, created_at, data)
        SELECT id, state, state_reason, state_at, state_data FROM job WHERE id = $1
        """;

    /// <summary>What @ends changes, as <see cref="Change"/> has it.</summary>
    public static readonly string Changes = $$"""
        {{WorkflowSql.Changes(
            "SELECT json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]') FROM json_each(@ends) AS e",
            static (key, value) => $"{key} = {value}")}}
        SELECT job_id, workflow_id, former, outcome, open > 0, 0, 0 FROM own
        UNION ALL SELECT job_id, workflow_id, 0, outcome, 1, 0, 1 FROM ended WHERE is_own = 0
        UNION ALL SELECT job_id, workflow_id, 0, 0, open = met, open - met, 2 FROM lowered
        """;

    private readonly long _now = Micros.Now(database.Time);

    public void Add(NewWorkflow workflow)
    {
        statements.Execute(
            Create, workflow.Id, workflow.Queue, workflow.Name, workflow.CreatedAt, workflow.Members.Count, workflow.OnFinished,
            workflow.Waiting);
        foreach (var (jobId, open) in workflow.Members)
            statements.Execute(AddMember, jobId, workflow.Id, open);
        foreach (var (parent, child, metBy) in workflow.Edges)
            statements.Execute(AddEdge, parent, child, metBy);
    }

    /// <returns>The queues to which it has moved jobs.</returns>
    public IReadOnlyCollection<string> Move(WorkflowEnds ends)
    {
        HashSet<string> queues = new(StringComparer.Ordinal);
        SortedDictionary<long, Counts> counts = [];
        foreach (var change in Read(ends))
        {
            counts[change.Workflow] = counts.GetValueOrDefault(change.Workflow).With(change);
            Apply(change, queues);
        }
        foreach (var (workflow, count) in counts)
        {
            statements.Execute(Count, workflow, count.Succeeded, count.Failed, count.Deleted, count.Waiting, _now);
            if (statements.Number(Finisher, workflow) is { } job)
                BeginJob(job, queues);
        }
        return queues;
    }

    private List<Change> Read(WorkflowEnds ends)
    {
        var pairs = ends.JobIds.Zip(
            ends.Outcomes, static (id, outcome) => string.Create(CultureInfo.InvariantCulture, $"[{id},{outcome}]"));
        using var session = new Session(database, statements.Connection, transaction: null, release: null);
        return session.Query(
            Changes,
            static row => new Change(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4) != 0, row.GetInt64(5),
                (Kind)row.GetInt64(6)),
            ("@ends", $"[{string.Join(',', pairs)}]"));
    }

    private void Apply(Change change, HashSet<string> queues)
    {
        if (change.Kind == Kind.Lowered)
            statements.Execute(Lower, change.JobId, change.Left);
        else
            statements.Execute(End, change.JobId, change.Outcome);
        if (change.Kind == Kind.Dropped)
            DropJob(change.JobId);
        else if (change is { Kind: Kind.Lowered, Left: 0 })
            BeginJob(change.JobId, queues);
    }

    private void BeginJob(long jobId, HashSet<string> queues)
    {
        if (statements.Execute(Begin, jobId, _now) == 0)
            return;
        var queue = statements.Text(Queue, jobId)!;
        statements.Execute(SqliteWriteSql.EnqueueByRow, queue, jobId, _now);
        statements.Execute(History, jobId);
        statements.Execute(Unlist, jobId);
        queues.Add(queue);
    }

    private void DropJob(long jobId)
    {
        if (statements.Execute(Drop, jobId, _now, StateText.Deleted(_now)) == 0)
            return;
        statements.Execute(History, jobId);
        statements.Execute(Unlist, jobId);
        statements.Execute(SqliteWriteSql.Count, "stats:deleted", 1, null);
    }

    /// <summary>As the statement numbers them.</summary>
    private enum Kind
    {
        /// <summary>The commit ends it, or begins it again.</summary>
        Own = 0,

        /// <summary>It is deleted because of others.</summary>
        Dropped = 1,

        /// <summary>It waits for fewer others.</summary>
        Lowered = 2,
    }

    /// <param name="JobId">The member.</param>
    /// <param name="Workflow">Its workflow.</param>
    /// <param name="Former">Its outcome before.</param>
    /// <param name="Outcome">Its outcome now.</param>
    /// <param name="StopsWaiting">Whether it waited, and does not any more.</param>
    /// <param name="Left">For how many others it still waits.</param>
    /// <param name="Kind">Why it changes.</param>
    private sealed record Change(long JobId, long Workflow, long Former, long Outcome, bool StopsWaiting, long Left, Kind Kind);

    private readonly record struct Counts(long Succeeded, long Failed, long Deleted, long Waiting)
    {
        public Counts With(Change change) => new(
            Succeeded + Of(1, change), Failed + Of(2, change), Deleted + Of(4, change), Waiting - (change.StopsWaiting ? 1 : 0));

        private static int Of(long outcome, Change change) =>
            (change.Outcome == outcome ? 1 : 0) - (change.Former == outcome ? 1 : 0);
    }
}
