using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Sqlite;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Sql.Tables;

/// <summary>Lists and the clock follow an index on SQLite, however many jobs there are.</summary>
public sealed class SqlitePlanTests() : OwnStorageTests(static place => OnSqlite(place))
{
    public static TheoryData<string, string?, string> Lists()
    {
        var lists = new TheoryData<string, string?, string>();
        foreach (var state in new[]
        {
            ScheduledState.StateName, AwaitingState.StateName, SucceededState.StateName, FailedState.StateName, DeletedState.StateName
        })
        {
            lists.Add(state, null, "job_listed");
            lists.Add(state, "j.queue = 'crm'", "job_listed_by_queue");
            lists.Add(state, "j.name = 'Job'", "job_listed_by_name");
        }
        lists.Add(ProcessingState.StateName, null, "job_processing");
        return lists;
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void Search_FollowsTheIndexThatFits(string state, string? filter, string index)
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        var database = connection.Open.Engine.Database;
        using var session = database.Read();
        var search = new SearchSql(database, isQueued: false, oldestFirst: false, window: 100, slack: 0);
        search.Where(StateSql.Is("j.state", state));
        if (filter is not null)
            search.Where(filter);

        var plan = session.Query($"EXPLAIN QUERY PLAN {search.PageSql(50)}", static row => row.GetString(3));
        var counted = session.Query($"EXPLAIN QUERY PLAN {search.CountSql(50)}", static row => row.GetString(3));

        Assert.Contains(plan, step => step.Contains($" j USING COVERING INDEX {index}", StringComparison.Ordinal));
        Assert.Contains(counted, step => step.Contains(" j USING COVERING INDEX job_", StringComparison.Ordinal));
    }

    [Fact]
    public void EndOfAJobOfAWorkflow_LooksRowsUp()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        var plan = session.Query(
            $"EXPLAIN QUERY PLAN {SqliteWorkflows.Changes}", static row => row.GetString(3), ("@ends", "[[1,1],[2,4]]"));

        Assert.Contains(plan, static step => step.Contains("SEARCH m USING INTEGER PRIMARY KEY", StringComparison.Ordinal));
        Assert.Contains(plan, static step => step.Contains("SEARCH e USING PRIMARY KEY (parent=?", StringComparison.Ordinal));
        Assert.DoesNotContain(
            plan, static step => step is "SCAN m" or "SCAN c" || step.StartsWith("SCAN e USING", StringComparison.Ordinal));
    }

    [Fact]
    public void Claim_FollowsTheIndexOfEachKind()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        var plan = session.Query(
            $"EXPLAIN QUERY PLAN {SqliteClaimSource.PickedSql}", static row => row.GetString(3), ("@queue", "crm"), ("@count", 10));

        Assert.Contains(plan, static step => step.Contains(" queue_waiting (queue=?", StringComparison.Ordinal));
        Assert.Contains(plan, static step => step.Contains(" queue_by_turn (queue=?", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN queue", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN main.queue", StringComparison.Ordinal));
    }

    [Fact]
    public void Claim_LooksItsQueueUpAmongThePauses()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        var plan = session.Query($"EXPLAIN QUERY PLAN {SqliteClaimSource.IsPausedSql}", static row => row.GetString(3), ("@queue", "crm"));

        Assert.Equal(["SEARCH p USING PRIMARY KEY (kind=? AND name=?)"], plan);
    }

    [Fact]
    public void ClaimWithKeys_FollowsTheIndexOfTheKeys()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        foreach (var sql in new[] { SqliteClaimSource.KeysSql, SqliteClaimSource.PickedWithKeysSql })
        {
            var plan = session.Query(
                $"EXPLAIN QUERY PLAN {sql}", static row => row.GetString(3),
                ("@queue", "crm"), ("@count", 10), ("@share", 5), ("@last", "[]"));

            Assert.Contains(
                plan, static step => step.Contains(" queue_by_fairness (queue=? AND priority=? AND fairness>?", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN q", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN first", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ClaimWithLimits_FollowsTheIndexOfTheLimits()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        foreach (var (sql, index) in new[]
        {
            (SqliteClaimSource.KindsSql, " queue_by_limits (queue=? AND limits>?"),
            (SqliteClaimSource.PickedWithLimitsSql, " queue_by_limits (queue=? AND limits=?"),
        })
        {
            var plan = session.Query(
                $"EXPLAIN QUERY PLAN {sql}", static row => row.GetString(3),
                ("@queue", "crm"), ("@start", "["), ("@limits", "[]"), ("@room", 1));

            Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
            Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN q", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN first", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Clock_ReadsTheNextTimes_InTheOrderOfTheIndex()
    {
        using var connection = (StorageConnection)Storage.GetConnection();
        using var session = connection.Open.Engine.Database.Read();

        var plan = session.Query(
            $"EXPLAIN QUERY PLAN {ClockReading.Sql}", static row => row.GetString(3), ("@delayed", 0.0), ("@recurring", 0.0),
            ("@keeper", ClockReading.KeeperLock));

        Assert.Equal(
            2,
            plan.Count(static step =>
                step.Contains("set_item USING COVERING INDEX set_item_by_score (key=? AND score>?)", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, static step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, static step => step.StartsWith("SCAN set_item", StringComparison.Ordinal));
    }
}
