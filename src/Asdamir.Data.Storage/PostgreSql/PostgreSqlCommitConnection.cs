using System.Data;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// A connection that commits. Its row in the database counts its commits, as the first statement of each: after a
/// broken connection the count shows whether the last one succeeded, and raising the row's epoch ensures that it
/// cannot succeed later.
/// </summary>
internal sealed class PostgreSqlCommitConnection : ICommitConnection
{
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ResolvePause = TimeSpan.FromMilliseconds(250);
    private const int DisposeSeconds = 5;

    // The function of the server that waits for the standbys; the text of its warning is translated.
    private const string WaitForStandbys = "SyncRepWaitForLSN";
    private const int GroupAttempts = 3;

    // The first is about what another commit needs to end, and both are below the server's default deadlock_timeout: of a commit and a
    // caller's transaction that wait for each other, the commit gives way.
    private const string PatientWait = "20ms";
    private const string ShortestWait = "1ms";

    // Several processes may end jobs of one workflow all the time, each of them until its commit is durable.
    private const string WaitForWorkflow = "400ms";

    private readonly PostgreSqlDatabase _database;
    private readonly long _id;
    private NpgsqlConnection? _connection;
    private long _epoch;
    private long _commits;
    private bool _isUnconfirmed;

    public PostgreSqlCommitConnection(PostgreSqlDatabase database, long leaseId)
    {
        (_database, LeaseId) = (database, leaseId);
        using var session = database.Write();
        // Only an existing lease may have commit connections; otherwise this row would never be closed.
        _id = session.Number(
            "INSERT INTO {s}lane (lease_id, epoch, commits) SELECT id, 0, 0 FROM {s}lease WHERE id = @lease FOR KEY SHARE RETURNING id",
            ("@lease", leaseId)) ?? throw new LeaseLostException();
    }

    public long LeaseId { get; }

    public IReadOnlyList<ClaimedJob>? Commit(IReadOnlyList<WriteSet> sets, ClaimRequest? claim = null, bool isPatient = true)
    {
        var plan = KeyPlan.Of(sets);
        var answer = Write(sets, plan, claim, isPatient);
        if (_isUnconfirmed)
            throw Unconfirmed();
        plan?.Answer();
        WriteSet.Claimed(sets, claim, answer);
        // The plan may have copied the set that is announced to other processes.
        if (plan is not null && !ReferenceEquals(plan.Sets[0], sets[0]))
            plan.Sets[0].Released.AddRange(sets[0].Released);
        _database.Notifier.Tell(_database.NotificationsOf(plan?.Sets ?? sets, _database.Told));
        return answer?.Jobs;
    }

    public void Dispose()
    {
        try
        {
            if (_connection is null)
                return;
            using var command = new NpgsqlCommand(_database.Sql("DELETE FROM {s}lane WHERE id = $1"), _connection)
            {
                CommandTimeout = DisposeSeconds,
                Parameters = { new() { Value = _id } },
            };
            command.ExecuteNonQuery();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The row is cleaned up later.
        }
        finally
        {
            Drop();
        }
    }

    private ClaimAnswer? Write(IReadOnlyList<WriteSet> sets, KeyPlan? plan, ClaimRequest? claim, bool isPatient)
    {
        for (var attempt = 1; ; attempt++)
        {
            var written = plan?.Sets ?? sets;
            if (claim is null && plan is not null && written.All(static set => set.IsEmpty))
                return ClaimAnswer.None;
            // Nothing was sent on a connection that is known to be broken, so the outcome is known.
            if (_connection is { State: not ConnectionState.Open })
                Drop();
            _connection ??= Connect();
            _isUnconfirmed = false;
            try
            {
                using var batch = new PostgreSqlWriteBatch(_database, _connection);
                var wait = isPatient ? PatientWait : ShortestWait;
                var ends = WorkflowEnds.Of(written);
                batch.AddGuard(_id, _epoch, _commits, ends is not null && isPatient ? WaitForWorkflow : wait);
                batch.AddWorkflowLock(ends, wait);
                batch.AddKeys(written, plan);
                batch.AddReplacements(written);
                batch.Add(written, LeaseId);
                var answer = ClaimAnswer.None;
                if (claim is null)
                    batch.Execute();
                else
                    answer = batch.Execute(claim, LeaseId);
                _commits++;
                sets[0].Released.AddRange(batch.Released);
                return answer;
            }
            catch (PostgresException exception) when (!_database.IsUnavailable(exception))
            {
                // The server refused, so nothing was written.
                switch (exception.SqlState)
                {
                    case PostgreSqlWriteBatch.VersionConflict:
                        throw new WriteConflictException(isClaim: false);
                    case PostgreSqlWriteBatch.ClaimConflict:
                        throw new WriteConflictException(isClaim: true);
                    case PostgreSqlWriteBatch.ConnectionConflict:
                        throw new LeaseLostException();
                    case PostgreSqlWriteBatch.MissingInvocation when attempt < GroupAttempts:
                        WriteInvocations(sets);
                        break;
                    case PostgreSqlWriteBatch.KeyConflict:
                        DecideKeys(plan!);
                        break;
                    case PostgreSqlWriteBatch.ReplacementConflict when attempt < GroupAttempts:
                        DecideKeys(plan!);
                        break;
                    case PostgreSqlWriteBatch.ReplacementConflict:
                        throw new RowsInUseException();
                    case PostgresErrorCodes.ProgramLimitExceeded:
                        throw IndexLimit.Error(exception, sets);
                    case PostgresErrorCodes.LockNotAvailable:
                        throw new RowsInUseException();
                    case PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure:
                        // In a group only one set may be at fault, which the caller finds out.
                        if (sets.Count > 1 && attempt >= GroupAttempts)
                            throw;
                        Conflicts.PauseAfter(attempt, _database, exception);
                        break;
                    default:
                        throw;
                }
            }
            catch (PostgresException exception) when (_database.IsRefusal(exception))
            {
                throw Unavailable.Error(_database, exception, mayBeCommitted: false);
            }
            catch (Exception exception)
            {
                // Whatever the driver reports, the server may have committed.
                var isBroken = IsBroken(exception);
                Drop();
                var cameThrough = CameThrough(exception);
                if (isBroken)
                    _database.Telemetry.ResponseLost(cameThrough);
                if (cameThrough)
                    return claim is null ? ClaimAnswer.None : null;
                if (!isBroken)
                    throw;
            }
        }
    }

    private void WriteInvocations(IReadOnlyList<WriteSet> sets)
    {
        using var session = _database.Write();
        foreach (var job in sets.SelectMany(static set => set.Jobs).Select(static job => job.New).OfType<NewJob>())
            InvocationTable.Write(session, job.InvocationId, job.Invocation);
    }

    // A key that is free again by now is taken by the next attempt.
    private void DecideKeys(KeyPlan plan)
    {
        using var session = _database.Read();
        plan.Decide(JobKeyTable.Holders(session, _database, plan.Keys, plan.ReplacingKeys));
    }

    /// <summary>Determines the outcome of a commit whose response was lost.</summary>
    private bool CameThrough(Exception lost)
    {
        var startedAt = _database.Time.GetTimestamp();
        while (true)
        {
            try
            {
                _connection = Connect();
                _isUnconfirmed = false;
                if (TakeNextEpoch() is not { } row)
                    throw Unavailable.Error(_database, lost, mayBeCommitted: true);
                var cameThrough = row.Commits == _commits + 1;
                // Only after the server has confirmed the epoch; if that response is lost too, the query is repeated.
                (_epoch, _commits) = (row.Epoch, row.Commits);
                if (!cameThrough && row.IsClosed)
                    throw new LeaseLostException();
                return cameThrough;
            }
            catch (Exception exception) when (IsBroken(exception) || _database.IsConflict(exception)
                || exception is JobStorageUnavailableException { MayBeCommitted: false })
            {
                Drop();
                if (_database.Time.GetElapsedTime(startedAt) > ResolveTimeout)
                    throw Unavailable.Error(_database, lost, mayBeCommitted: true);
                _database.Time.Sleep(ResolvePause);
            }
        }
    }

    // Waits for the lost commit if it is still in progress, and prevents it if it has not started.
    private (long Epoch, long Commits, bool IsClosed)? TakeNextEpoch()
    {
        var sql = _database.Sql("UPDATE {s}lane SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch, commits, closed_at");
        using var command = new NpgsqlCommand(sql, _connection)
        {
            Parameters = { new() { Value = _id } },
        };
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1), !row.IsDBNull(2)) : null;
    }

    private NpgsqlConnection Connect()
    {
        var connection = _database.Connect(PostgreSqlWriteSql.Settings);
        connection.Notice += (_, notice) => _isUnconfirmed |= notice.Notice.Routine == WaitForStandbys;
        return connection;
    }

    // With synchronous replication a cancelled commit, such as one that takes longer than the command timeout, succeeds on the primary.
    // After a failover it may be gone.
    private JobStorageUnavailableException Unconfirmed() => new(
        $"The job storage ({_database.Description}) committed on the primary, but no standby has confirmed the commit in time, so a "
        + "failover may undo it. Fix: check the synchronous standbys of the server.",
        mayBeCommitted: true);

    // Drivers report a broken connection in different ways; Npgsql was seen to fail with a NullReferenceException.
    private bool IsBroken(Exception exception) =>
        _database.IsUnavailable(exception)
        || (exception is not (LeaseLostException or JobStorageUnavailableException) && _connection?.State != ConnectionState.Open);

    private void Drop()
    {
        if (_connection is { } connection)
            _database.Return(connection);
        _connection = null;
    }
}
