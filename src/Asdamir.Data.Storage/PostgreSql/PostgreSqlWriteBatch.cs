using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Many write sets as few statements over arrays, sent in one round trip. Outside a transaction the server runs them
/// as one. A statement that finds unexpected rows aborts all of them.
/// </summary>
internal sealed class PostgreSqlWriteBatch(
    PostgreSqlDatabase database, NpgsqlConnection connection, NpgsqlTransaction? transaction = null) : IDisposable
{
    public const string VersionConflict = "AD001";
    public const string ClaimConflict = "AD002";
    public const string ConnectionConflict = "AD003";
    public const string MissingInvocation = "AD004";
    public const string KeyConflict = "AD005";
    public const string ReplacementConflict = "AD006";

    private readonly NpgsqlBatch _batch = new(connection, transaction);
    private bool _movesJobs;

    /// <summary>The queues to which it has moved jobs of workflows.</summary>
    public IReadOnlyList<string> Released { get; private set; } = [];

    /// <param name="connectionId">The row of the connection.</param>
    /// <param name="epoch">The epoch it has there.</param>
    /// <param name="commits">How many commits it has counted there.</param>
    /// <param name="longestWait">How long each statement waits for a row.</param>
    public void AddGuard(long connectionId, long epoch, long commits, string longestWait) =>
        Statement(PostgreSqlWriteSql.Guard, connectionId, epoch, commits, longestWait);

    /// <summary>
    /// Locks the workflows of jobs that end, as the first rows, and waits longer for them: each commit of another process that ends such a
    /// job keeps them until it is durable.
    /// </summary>
    /// <param name="ends">The jobs.</param>
    /// <param name="longestWait">How long the statements after it wait for a row; <see langword="null"/> to change nothing.</param>
    public void AddWorkflowLock(WorkflowEnds? ends, string? longestWait)
    {
        if (ends is null)
            return;
        Statement(PostgreSqlWorkflowSql.Lock, ends.JobIds);
        if (longestWait is not null)
            Statement(PostgreSqlWorkflowSql.Wait, longestWait);
    }

    /// <summary>Keys that jobs give back, then those that others take. A key that is taken aborts the commit.</summary>
    public void AddKeys(IReadOnlyList<WriteSet> sets, KeyPlan? plan)
    {
        var released = sets
            .SelectMany(static set => set.Jobs)
            .Where(static job => job.ReleasesKey)
            .Select(static job => job.Id)
            .Order()
            .ToArray();
        if (released.Length > 0)
            Statement(PostgreSqlWriteSql.ReleaseKeys, released);
        if (plan is { Takes: { Count: > 0 } takes })
        {
            Statement(
                PostgreSqlWriteSql.TakeKeys, Array(takes, static take => take.Key), Array(takes, static take => take.JobId),
                Numbers(takes, static take => take.ExpireAt), (long)takes.Count);
        }
    }

    /// <summary>
    /// Jobs that get other arguments, each of which must still be what was found. Rows of queues come first, as in a claim: one that is
    /// being made decides what the job is.
    /// </summary>
    public void AddReplacements(IReadOnlyList<WriteSet> sets)
    {
        var all = sets.SelectMany(static set => set.Replacements).OrderBy(static one => one.JobId).ToList();
        if (all.Count == 0)
            return;
        var kept = sets.SelectMany(static set => set.KeptPlaces).Select(static place => place.Id).Order().ToArray();
        if (kept.Length > 0)
            Statement(PostgreSqlWriteSql.KeepPlaces, kept, (long)kept.Length);
        var left = all.Select(static one => one.Held!.Place).OfType<long>().Except(kept).Order().ToArray();
        if (left.Length > 0)
            Statement(PostgreSqlWriteSql.LeavePlaces, left, (long)left.Length);
        var delayed = all.Select(static one => one.Held!.Delayed).OfType<string>().Order(StringComparer.Ordinal).ToArray();
        if (delayed.Length > 0)
            Statement(PostgreSqlWriteSql.EndDelays, delayed, (long)delayed.Length);
        Statement(
            PostgreSqlWriteSql.Replace, Array(all, static one => one.JobId), Array(all, static one => one.Held!.Row.Version),
            Texts(all, static one => StorableText.OrNull(one.Arguments)), (long)all.Count);
    }

    public void Add(IReadOnlyList<WriteSet> sets, long leaseId)
    {
        AddJobs([.. sets.SelectMany(set => set.Jobs)], sets);
        AddQueue(sets, leaseId);
        AddCounters(sets);
        foreach (var step in DataPlan.Of(sets.SelectMany(set => set.Data)))
            AddData(step);
        AddNotes(sets);
        AddWorkflows([.. sets.SelectMany(static set => set.Workflows)]);
        if (WorkflowEnds.Of(sets) is { } ends)
        {
            var now = Micros.Now(database.Time);
            Statement(PostgreSqlWorkflowSql.Move, ends.JobIds, ends.Outcomes, now, StateText.Deleted(now));
            _movesJobs = true;
        }
    }

    public void AddNotifications(IReadOnlyList<Notification> notifications)
    {
        if (notifications.Count > 0)
        {
            Statement(
                PostgreSqlWriteSql.Notify, Array(notifications, static one => one.Channel), Array(notifications, static one => one.Text));
        }
    }

    public void Execute()
    {
        if (_batch.BatchCommands.Count == 0)
            return;
        if (!_movesJobs)
        {
            _batch.ExecuteNonQuery();
            return;
        }
        using var row = _batch.ExecuteReader();
        do
            ReadReleased(row);
        while (row.NextResult());
    }

    /// <summary>Executes the statements, with a claim as the last one.</summary>
    public ClaimAnswer Execute(ClaimRequest claim, long leaseId)
    {
        var askedAt = database.Time.GetTimestamp();
        // Not under the lock of the limits, as other processes would wait for this commit.
        var limited = database.Limited.ClaimOf(claim.Queues) == LimitedClaim.PassesOver ? LimitedClaim.PassesOver : LimitedClaim.Unknown;
        var (sql, values) = PostgreSqlClaimSource.StatementOf(claim, leaseId, database.Turns, limited);
        Statement(sql, values);
        using var row = _batch.ExecuteReader();
        var answer = ClaimAnswer.None;
        do
        {
            if (row.GetName(0) == PostgreSqlClaimSource.FirstColumn)
                answer = PostgreSqlClaimSource.Read(row, claim, leaseId, askedAt, database.Turns, database.Limited);
            else
                ReadReleased(row);
        }
        while (row.NextResult());
        return answer;
    }

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (_batch.BatchCommands.Count == 0)
            return;
        var row = await _batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = row.ConfigureAwait(false);
        do
            ReadReleased(row);
        while (await row.NextResultAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => _batch.Dispose();

    private void ReadReleased(NpgsqlDataReader row)
    {
        if (row.FieldCount == 0 || row.GetName(0) != PostgreSqlWorkflowSql.ReleasedTo)
            return;
        List<string> queues = [];
        while (row.Read())
            queues.Add(row.GetString(0));
        Released = queues;
    }

    private void AddWorkflows(List<NewWorkflow> workflows)
    {
        if (workflows.Count == 0)
            return;
        Statement(
            PostgreSqlWorkflowSql.Create,
            Array(workflows, static flow => flow.Id), Array(workflows, static flow => flow.Queue),
            Array(workflows, static flow => flow.Name), Array(workflows, static flow => flow.CreatedAt),
            Array(workflows, static flow => (long)flow.Members.Count), Numbers(workflows, static flow => flow.OnFinished),
            Array(workflows, static flow => flow.Waiting));
        var members = workflows.SelectMany(static flow => flow.Members.Select(member => (flow.Id, member.JobId, member.Open))).ToList();
        Statement(
            PostgreSqlWorkflowSql.AddMembers, Array(members, static member => member.JobId), Array(members, static member => member.Id),
            Array(members, static member => member.Open));
        var edges = workflows.SelectMany(static flow => flow.Edges).ToList();
        if (edges.Count > 0)
        {
            Statement(
                PostgreSqlWorkflowSql.AddEdges, Array(edges, static edge => edge.Parent), Array(edges, static edge => edge.Child),
                Array(edges, static edge => edge.MetBy));
        }
    }

    private void AddJobs(List<JobWrite> jobs, IReadOnlyList<WriteSet> sets)
    {
        jobs.Sort(static (one, other) => one.Id.CompareTo(other.Id));
        AddCreated(NewJobRow.Of(jobs, sets, database.Retention));
        AddFormer(jobs.FindAll(static job => job.RecordsFormer));
        AddChanged(jobs.FindAll(static job => job.New is null && job.ChangesRow));
        AddHistory(jobs);
    }

    private void AddCreated(List<NewJobRow> rows)
    {
        if (rows.Count == 0)
            return;
        var invocations = rows.Select(static row => row.New.InvocationId).Distinct().ToArray();
        Statement(PostgreSqlWriteSql.Invocations, invocations, (long)invocations.Length);
        Statement(
            PostgreSqlWriteSql.Create,
            [
                .. JobColumns.Numbers.Select(column => Numbers(rows, column.Value)),
                .. JobColumns.Texts.Select(column => Texts(rows, column.Value)),
            ]);
    }

    private void AddChanged(List<JobWrite> jobs)
    {
        if (jobs.Count == 0)
            return;
        Statement(
            PostgreSqlWriteSql.Change,
            Array(jobs, static job => job.Id), Numbers(jobs, static job => job.ExpectedVersion),
            Numbers(jobs, static job => job.ExpectedLock),
            Array(jobs, static job => (long)job.Changes),
            Texts(jobs, static job => job.State?.Name), Numbers(jobs, static job => job.State?.At),
            Texts(jobs, static job => job.State?.Reason), Texts(jobs, static job => job.State?.Data),
            Array(jobs, static job => (short)job.Expiry), Array(jobs, static job => job.ExpireAt),
            Array(jobs, static job => job.KeepsOwnRetention),
            Texts(jobs, static job => job.Parameters is { } parameters ? Json.Write(parameters) : null),
            Array(jobs, static job => job.ReplacesParameters),
            Array(jobs, static job => (short)job.HistoryChange),
            (long)jobs.Count(static job => job.IsChecked));
    }

    private void AddFormer(List<JobWrite> jobs)
    {
        if (jobs.Count == 0)
            return;
        Statement(PostgreSqlWriteSql.Lock, Array(jobs, static job => job.Id));
        Statement(
            PostgreSqlWriteSql.Record, Array(jobs, static job => job.Id),
            Array(jobs.FindAll(static job => job.LeavesAttemptOut), static job => job.Id));
    }

    private void AddHistory(List<JobWrite> jobs)
    {
        var entries = jobs.SelectMany(static job => job.Entries.Select(state => (job, state))).ToList();
        if (entries.Count == 0)
            return;
        Statement(
            PostgreSqlWriteSql.History,
            Array(entries, static entry => entry.job.Id), Array(entries, static entry => entry.state.Name),
            Texts(entries, static entry => entry.state.Reason),
            Array(entries, static entry => entry.state.At), Array(entries, static entry => entry.state.Data),
            // A job that this batch creates or has checked exists; any other may be deleted.
            Array(entries, static entry => entry.job.New is not null || entry.job.IsChecked));
    }

    private void AddEnqueued(IReadOnlyList<WriteSet> sets, string sql, bool isInOrder)
    {
        var entries = sets
            .SelectMany(set => set.Enqueued.Where(entry => set.IsKnownToWaitInOrder(entry.JobId) == isInOrder))
            .ToList();
        if (entries.Count > 0)
            Statement(sql, Array(entries, static entry => entry.Queue), Array(entries, static entry => entry.JobId));
    }

    private void AddQueue(IReadOnlyList<WriteSet> sets, long leaseId)
    {
        AddEnqueued(sets, PostgreSqlWriteSql.Enqueue, isInOrder: true);
        AddEnqueued(sets, PostgreSqlWriteSql.EnqueueByRow, isInOrder: false);
        var completed = sets.SelectMany(static set => set.Completed).OrderBy(static claim => claim.Id).ToList();
        if (completed.Count > 0)
        {
            Statement(
                PostgreSqlWriteSql.Complete, Array(completed, static claim => claim.Id), Array(completed, static claim => claim.Delivery),
                Array(completed, static claim => claim.At), leaseId, (long)completed.Count);
        }
        var held = sets.SelectMany(static set => set.MustStillHold).ToList();
        if (held.Count > 0)
        {
            Statement(
                PostgreSqlWriteSql.MustStillHold, Array(held, static claim => claim.Id), Array(held, static claim => claim.Delivery),
                Array(held, static claim => claim.At), leaseId, (long)held.Count);
        }
        var executing = sets.SelectMany(static set => set.MustStillExecute).OrderBy(static job => job.JobId).ToList();
        if (executing.Count > 0)
        {
            Statement(
                PostgreSqlWriteSql.MustStillExecute, Array(executing, static job => job.JobId),
                Array(executing, static job => job.WorkerId), (long)executing.Count);
        }
    }

    private void AddCounters(IReadOnlyList<WriteSet> sets)
    {
        var sums = WriteSet.SumCounters(sets);
        if (sums.Count > 0)
        {
            Statement(
                PostgreSqlWriteSql.Count, sums.Keys.ToArray(), sums.Values.Select(static sum => sum.Delta).ToArray(),
                Numbers(sums.Values.ToList(), static sum => sum.ExpireAt));
        }
    }

    private void AddData(DataStep step)
    {
        switch (step.Change)
        {
            case DataChange.SetAdd:
                Statement(
                    PostgreSqlWriteSql.SetAdd, Array(step.Writes, static write => write.Key),
                    Array(step.Writes, static write => write.Member!), Array(step.Writes, static write => write.Score));
                break;
            case DataChange.SetRemove:
                Statement(
                    PostgreSqlWriteSql.SetRemove, Array(step.Writes, static write => write.Key),
                    Array(step.Writes, static write => write.Member!));
                break;
            case DataChange.HashPut:
                Statement(
                    PostgreSqlWriteSql.HashPut, Array(step.Writes, static write => write.Key),
                    Array(step.Writes, static write => write.Member!), Texts(step.Writes, static write => write.Value));
                break;
            default:
                var (sql, values) = KeyStatement.Of(step.Writes[0]);
                Statement(sql, [.. values.Select(static value => value ?? Nullable(null))]);
                break;
        }
    }

    private void AddNotes(IReadOnlyList<WriteSet> sets)
    {
        Dictionary<(long JobId, string Name), string> last = [];
        foreach (var (key, value) in sets.SelectMany(static set => set.Notes))
            last[key] = value;
        if (last.Count == 0)
            return;
        var notes = last.OrderBy(static note => note.Key.JobId).ThenBy(static note => note.Key.Name, StringComparer.Ordinal).ToList();
        Statement(
            PostgreSqlWriteSql.Note,
            Array(notes, static note => note.Key.JobId), Array(notes, static note => note.Key.Name),
            Array(notes, static note => note.Value));
    }

    private void Statement(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(database.Sql(sql));
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        _batch.BatchCommands.Add(command);
    }

    private static T[] Array<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        return values;
    }

    private static NpgsqlParameter Texts<TRow>(IReadOnlyList<TRow> rows, Func<TRow, string?> column) =>
        new() { Value = Array(rows, column), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Numbers<TRow>(IReadOnlyList<TRow> rows, Func<TRow, long?> column) =>
        new() { Value = Array(rows, column), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter Nullable(long? value) =>
        new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
