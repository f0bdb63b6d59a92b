using System.Globalization;
using System.Text.RegularExpressions;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>Statements of every job cost the same whatever else is in the tables, and whatever the planner believes.</summary>
[NeedsPostgreSql]
public sealed partial class StatementPlanTests(StorageServer server)
{
    private const int Waiting = 20_000;

    [Fact]
    public void Claim_LooksAtItsOwnQueueOnly_WhenAnotherOneHasNearlyAllJobs()
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute($"INSERT INTO {{s}}queue (queue, job_id, added_at) SELECT 'busy', n, 0 FROM generate_series(1, {Waiting}) AS n");
        session.Execute("ANALYZE {s}queue");

        Assert.True(MostRows(session, Claim(begins: false), "text[], bigint, bigint", "'{quiet}', 10, 1") < 100);
        Assert.True(
            MostRows(session, Claim(begins: true), "text[], bigint, bigint, bigint, text", "'{quiet}', 10, 1, 0, '{'")
                < 100);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(19, 20)]
    public void Claim_LooksAtTheFirstRowsOnly_HoweverManyHaveATurn(int some, int of)
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('this', 0)");
        session.Execute(
            "INSERT INTO {s}queue (queue, job_id, added_at, turn) "
                + $"SELECT 'app', n, n, CASE WHEN n % greatest({of}, 1) < {some} THEN -n END FROM generate_series(1, {Waiting}) AS n");
        session.Execute("ANALYZE {s}queue");

        Assert.True(MostRows(session, Claim(begins: false), "text[], bigint, bigint", "'{app}', 10, 1") < 100);
        Assert.True(
            MostRows(session, Claim(begins: true), "text[], bigint, bigint, bigint, text", "'{app}', 10, 1, 0, '{'") < 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void ClaimWithKeys_LooksAtTheFirstRowsOnly_HoweverManyAKeyHas(int keys)
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('this', 0)");
        session.Execute(
            "INSERT INTO {s}queue (queue, job_id, added_at, turn, priority, head_start, fairness) "
                + $"SELECT 'app', n, n, n, 5, 0, CASE WHEN n < {Waiting - keys} THEN 1 ELSE n - {Waiting - keys} END "
                + $"FROM generate_series(1, {Waiting}) AS n");
        session.Execute("ANALYZE {s}queue");

        foreach (var (sql, types, values) in new[]
        {
            (WithKeys(begins: false), "text[], bigint, bigint, bigint[]", "'{app}', 10, 1, '{-1,-1,-1,-1,-1,5,-1,-1,-1,-1}'"),
            (WithKeys(begins: true), "text[], bigint, bigint, bigint, text, bigint[]",
                "'{app}', 10, 1, 0, '{', '{-1,-1,-1,-1,-1,5,-1,-1,-1,-1}'"),
        })
        {
            Assert.True(MostRows(session, sql, types, values) < 100);
        }
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "ANALYZE {s}pause; ANALYZE {s}queue")]
    [InlineData(true, "")]
    [InlineData(true, "ANALYZE {s}pause; ANALYZE {s}queue")]
    public void Claim_LooksItsQueuesUpAmongThePauses_HoweverManyThereAre(bool hasKeys, string statistics)
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute(
            "INSERT INTO {s}pause (kind, name, paused_at, expire_at) "
                + $"SELECT 'queue', 'app' || n, 0, CASE WHEN n % 2 = 0 THEN 9000000000000000 END FROM generate_series(1, {Waiting}) AS n");
        // In a paused queue.
        session.Execute(
            "INSERT INTO {s}queue (queue, job_id, added_at, turn, priority, head_start, fairness) "
                + $"SELECT 'app1', n, n, n, 5, 0, CASE WHEN n % 2 = 0 THEN n END FROM generate_series(1, {Waiting}) AS n");
        if (statistics.Length > 0)
            session.Execute(statistics);
        var keys = hasKeys ? (Type: ", bigint[]", Value: ", '{}'") : (Type: "", Value: "");

        var rows = MostRows(
            session, hasKeys ? WithKeys(begins: false) : Claim(begins: false), $"text[], bigint, bigint{keys.Type}",
            $"'{{app1,app}}', 10, 1{keys.Value}");
        var begun = MostRows(
            session, hasKeys ? WithKeys(begins: true) : Claim(begins: true),
            $"text[], bigint, bigint, bigint, text{keys.Type}", $"'{{app1,app}}', 10, 1, 0, '{{'{keys.Value}");

        Assert.True(rows < 100 && begun < 100, $"{rows}, {begun}");
        Assert.Equal(0, session.Number("SELECT count(*) FROM {s}queue WHERE claimed_by IS NOT NULL"));
    }

    [Theory]
    [InlineData(false, true, "text[], bigint, bigint, bigint[], text", "1, '{-1,-1,-1,-1,-1,-1,-1,-1,-1,-1}', '[\"0'")]
    [InlineData(
        true, true, "text[], bigint, bigint, bigint, text, bigint[], text",
        "1, 0, '{', '{-1,-1,-1,-1,-1,-1,-1,-1,-1,-1}', '[\"0'")]
    [InlineData(
        true, true, "text[], bigint, bigint, bigint, text, bigint[], text",
        "1, 0, '{', '{-1,-1,-1,-1,-1,-1,-1,-1,-1,-1}', '[\"0'", "ANALYZE {s}queue")]
    [InlineData(false, false, "text[], bigint, bigint", "1")]
    public void ClaimWithLimits_LooksAtTheFirstRowsOnly_HoweverManyWaitForRoom(
        bool begins, bool considersLimits, string types, string values, string statistics = "")
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('this', 0)");
        session.Execute(
            "INSERT INTO {s}limit_rule (queue, id, name, declared) VALUES "
                + "('app', '0000000000000001', 'full', 1), ('app', '0000000000000002', 'free', 3)");
        session.Execute(
            "INSERT INTO {s}queue (queue, job_id, added_at, turn, priority, head_start, limits, claimed_by, claimed_at) "
                + "SELECT 'app', n, n, n, 5, 0, CASE WHEN n % 20 = 0 THEN '[\"0000000000000002.0000000000000000\"]' "
                + "ELSE '[\"0000000000000001.0000000000000000\"]' END, CASE WHEN n = 1 THEN 1 END, CASE WHEN n = 1 THEN 0 END "
                + $"FROM generate_series(1, {Waiting}) AS n");

        if (statistics.Length > 0)
            session.Execute(statistics);
        var sql = PostgreSqlClaimSource.SqlOf(
            hasKeys: considersLimits, begins, considersLimits ? LimitedClaim.Considers : LimitedClaim.PassesOver);
        Assert.True(MostRows(session, sql, types, $"'{{app}}', 10, {values}") < 100);
        Assert.Equal(considersLimits ? 4 : 1, session.Number("SELECT count(*) FROM {s}queue WHERE claimed_by IS NOT NULL"));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "ANALYZE {s}queue; ANALYZE {s}limit_start")]
    [InlineData(false, "")]
    public void ClaimWithRates_LooksAtTheSlicesOfItsWindowOnly_AndAtNoneWithoutARate(bool hasRates, string statistics)
    {
        using var database = Open();
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('this', 0)");
        session.Execute(
            "INSERT INTO {s}limit_rule (queue, id, name, declared, declared_starts, declared_window) VALUES "
                + "('app', '0000000000000001', 'full', 9, @full, 3600000000), ('app', '0000000000000002', 'free', 9, @free, 3600000000)",
            ("@full", hasRates ? (long?)100 : null), ("@free", hasRates ? (long?)103 : null));
        session.Execute(
            "INSERT INTO {s}queue (queue, job_id, added_at, turn, priority, head_start, limits) "
                + "SELECT 'app', n, n, n, 5, 0, CASE WHEN n % 20 = 0 THEN '[\"0000000000000002.0000000000000000\"]' "
                + $"ELSE '[\"0000000000000001.0000000000000000\"]' END FROM generate_series(1, {Waiting}) AS n");
        // 50 slices of the window count two starts each; those of many other keys, and the claim removes what is older.
        session.Execute(
            "INSERT INTO {s}limit_start (queue, id, begun_at, ends_at, number, expire_at) "
                + "SELECT 'app', '000000000000000' || rule || '.' || key, {now} - n * 60000000, {now} - (n - 1) * 60000000, 2, {now} "
                + "FROM generate_series(1, 2) AS rule CROSS JOIN generate_series(1, CAST(50 AS bigint)) AS n CROSS JOIN ("
                + "SELECT lpad(CAST(k AS text), 16, '0') AS key FROM generate_series(0, 200) AS k) AS keys");
        session.Execute(
            "INSERT INTO {s}limit_start (queue, id, begun_at, ends_at, number, expire_at) "
                + "VALUES ('app', '0000000000000002.0000000000000000', 1, 2, 1, 3)");
        if (statistics.Length > 0)
            session.Execute(statistics);
        var sql = PostgreSqlClaimSource.SqlOf(hasKeys: true, begins: false, LimitedClaim.Considers);
        const string Types = "text[], bigint, bigint, bigint[], text";
        const string Values = "'{app}', 20, 1, '{-1,-1,-1,-1,-1,-1,-1,-1,-1,-1}', '[\"0'";

        Assert.True(MostRows(session, sql, Types, Values) < 100);

        Assert.Equal(hasRates ? 3 : 18, session.Number("SELECT count(*) FROM {s}queue WHERE claimed_by IS NOT NULL"));
        Assert.Equal(
            hasRates ? 103 : 101,
            session.Number("SELECT CAST(sum(number) AS bigint) FROM {s}limit_start WHERE id = '0000000000000002.0000000000000000'"));
        if (!hasRates)
        {
            Assert.All(
                PlanOf(session, $"EXECUTE asked ({Values})").Split('\n')
                    .Where(static step => step.Contains(" using limit_start", StringComparison.Ordinal)),
                static step => Assert.Contains("never executed", step, StringComparison.Ordinal));
            return;
        }

        // Nothing is left: it says when there is room.
        Assert.True(MostRows(session, $"EXECUTE asked ({Values})") < 100);
        session.Execute("DEALLOCATE ALL; " + $"PREPARE asked ({Types}) AS {sql}");
        var roomIn = session.Query($"EXECUTE asked ({Values})", static row => row.GetInt64(row.FieldCount - 1)).Single();
        Assert.InRange(roomIn, 1, 720_000_000);
    }

    [Theory]
    [InlineData(false, "text[], bigint, bigint", "'{app}', 10, 1")]
    [InlineData(true, "text[], bigint, bigint, bigint, text", "'{app}', 10, 1, 0, '{'")]
    public void Claim_LooksRowsUp_AlthoughTheStatisticsSayThatTheTablesAreEmpty(bool begins, string types, string values) =>
        Statement_LooksRowsUp_AlthoughTheStatisticsSayThatTheTablesAreEmpty(Claim(begins), types, values);

    [Theory]
    [
        InlineData(
            PostgreSqlWriteSql.Complete, "bigint[], bigint[], bigint[], bigint, bigint",
            "'{10001,10002,10003}', '{0,0,0}', '{0,0,0}', 1, 0")
    ]
    [
        InlineData(
            PostgreSqlWriteSql.MustStillHold, "bigint[], bigint[], bigint[], bigint, bigint",
            "'{10001,10002,10003}', '{0,0,0}', '{0,0,0}', 1, 0")
    ]
    [InlineData(PostgreSqlWriteSql.Lock, "bigint[]", "'{10001,10002,10003}'")]
    [InlineData(PostgreSqlWriteSql.Record, "bigint[], bigint[]", "'{10001,10002,10003}', '{10002}'")]
    [InlineData(
        PostgreSqlWriteSql.Change,
        "bigint[], bigint[], bigint[], bigint[], text[], bigint[], text[], text[], smallint[], bigint[], boolean[], text[], "
            + "boolean[], smallint[], bigint",
        "'{10001,10002,10003}', '{0,0,0}', '{NULL,NULL,NULL}', '{1,1,1}', '{A,A,A}', '{1,1,1}', '{A,A,A}', '{A,A,A}', '{0,0,0}', "
            + "'{1,1,1}', '{f,f,f}', '{NULL,NULL,NULL}', '{f,f,f}', '{1,2,3}', 3")]
    [
        InlineData(
            PostgreSqlWriteSql.History, "bigint[], text[], text[], bigint[], text[], boolean[]",
            "'{10001,10002,10003}', '{A,A,A}', '{A,A,A}', '{1,1,1}', '{A,A,A}', '{f,f,f}'")
    ]
    [InlineData(PostgreSqlWriteSql.EnqueueByRow, "text[], bigint[]", "'{app,app,app}', '{10001,10002,10003}'")]
    [InlineData(PostgreSqlWriteSql.ReleaseKeys, "bigint[]", "'{10001,10002,10003}'")]
    [InlineData(PostgreSqlWriteSql.Note, "bigint[], text[], text[]", "'{10001,10002,10003}', '{A,A,A}', '{A,A,A}'")]
    public void Statement_LooksRowsUp_AlthoughTheStatisticsSayThatTheTablesAreEmpty(string sql, string types, string values)
    {
        using var database = Open();
        // What a quiet hour leaves: pages without rows, and statistics that say so.
        foreach (var statement in Fill.Concat(Empty))
        {
            using var outside = database.Write();
            outside.Execute(statement);
        }
        using var session = database.Begin();
        session.Execute("INSERT INTO {s}lease (owner, expires_at) VALUES ('this', 0)");
        foreach (var statement in Fill)
            session.Execute(statement);

        Assert.True(MostRows(session, sql, types, values) < 100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ANALYZE {s}set_item")]
    public void DueJobs_AreFound_WithoutALookAtOtherEntries(string statistics)
    {
        const int Due = 20;
        using var database = Open();
        using var session = database.Begin();
        session.Execute(
            "INSERT INTO {s}set_item (key, value, score) SELECT 'schedule', 'app:' || n, "
                + $"CASE WHEN n <= {Due} THEN 0 ELSE 1e10 + n END "
                + $"FROM generate_series(1, {Waiting}) AS n");
        session.Execute("INSERT INTO {s}set_item (key, value, score) SELECT 'other', n, 0 FROM generate_series(1, 1000) AS n");
        if (statistics.Length > 0)
            session.Execute(statistics);

        var rows = MostRows(session, PostgreSqlDueSql.Enqueue.Replace("@limit", "5000", StringComparison.Ordinal));

        Assert.InRange(rows, Due, 100);
        Assert.Equal(Due, session.Number("SELECT count(*) FROM {s}queue"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ANALYZE {s}set_item")]
    public void Clock_ReadsTheNextTimes_WithoutALookAtOtherEntries(string statistics)
    {
        using var database = Open();
        using var session = database.Begin();
        foreach (var set in (string[])[DueSets.Delayed, DueSets.Recurring])
        {
            session.Execute(
                "INSERT INTO {s}set_item (key, value, score) SELECT @set, n, n FROM generate_series(1, @waiting) AS n",
                ("@set", set), ("@waiting", Waiting));
        }
        if (statistics.Length > 0)
            session.Execute(statistics);

        var rows = MostRows(
            session,
            ClockReading.Sql
                .Replace("@delayed", $"{Waiting / 2}", StringComparison.Ordinal)
                .Replace("@recurring", $"{Waiting / 2}", StringComparison.Ordinal)
                .Replace("@keeper", $"'{ClockReading.KeeperLock}'", StringComparison.Ordinal));

        Assert.InRange(rows, 1, 10);
    }

    [Fact]
    public void Search_LooksQueuedRunsUp_AlthoughTheStatisticsSayThatThereAreMany()
    {
        using var database = Open();
        using var session = database.Begin();
        foreach (var statement in Fill.Concat(
            [
                "UPDATE {s}job SET state = 'Succeeded', state_at = 0", "ANALYZE {s}job", "ANALYZE {s}queue",
                "DELETE FROM {s}queue WHERE job_id > 5"
            ]))
        {
            session.Execute(statement);
        }
        var search = new SearchSql(database, isQueued: true, oldestFirst: false, window: Waiting / 2, slack: 100);
        search.Where("q.claimed_by IS NULL");
        search.WhereJob("j.name = 'Other'", isIndexed: false);

        Assert.True(MostRows(session, search.PageSql(50)) < 100);
    }

    // A job in a hundred is being executed.
    private static readonly string[] Fill =
    [
        "INSERT INTO {s}job (id, version, created_at, queue, name, state, enqueued_at, started_at, parameters) SELECT n, 0, 0, 'app', "
            + $"'Job', 'Enqueued', 0, CASE WHEN n % 2 = 0 THEN 0 END, '{{}}' FROM generate_series(1, {Waiting}) AS n",
        "INSERT INTO {s}queue (queue, job_id, added_at, claimed_by, claimed_at) SELECT 'app', n, 0, CASE WHEN n % 100 = 0 THEN 1 END, "
            + $"CASE WHEN n % 100 = 0 THEN 0 END FROM generate_series(1, {Waiting}) AS n",
    ];

    private static readonly string[] Empty =
    [
        "DELETE FROM {s}queue", "DELETE FROM {s}job", "VACUUM (TRUNCATE FALSE, ANALYZE) {s}queue",
        "VACUUM (TRUNCATE FALSE, ANALYZE) {s}job",
    ];

    private static string WithKeys(bool begins) => PostgreSqlClaimSource.SqlOf(hasKeys: true, begins, LimitedClaim.Unknown);

    private static string Claim(bool begins) => PostgreSqlClaimSource.SqlOf(hasKeys: false, begins, LimitedClaim.Unknown);

    /// <summary>The most rows any step of the plan has looked at.</summary>
    private static long MostRows(Session session, string sql, string types, string values)
    {
        session.Execute(PostgreSqlClaimSource.Settings);
        session.Execute($"DEALLOCATE ALL; PREPARE asked ({types}) AS {sql}");
        return MostRows(session, $"EXECUTE asked ({values})");
    }

    private static string PlanOf(Session session, string statement)
    {
        var plan = string.Join('\n', session.Query($"EXPLAIN (ANALYZE, TIMING OFF) {statement}", static row => row.GetString(0)));
        TestContext.Current.TestOutputHelper?.WriteLine(plan);
        return plan;
    }

    private static long MostRows(Session session, string statement)
    {
        var plan = PlanOf(session, statement);
        return Rows().Matches(plan).Max(static match => (long)double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private PostgreSqlDatabase Open()
    {
        var database = new PostgreSqlDatabase(server.ConnectionString, new PostgreSqlJobStorageOptions { Schema = server.NewSchema() });
        database.Migrate();
        return database;
    }

    [GeneratedRegex("(?:actual rows=|Rows Removed by [A-Za-z ]+: )([0-9.]+)")]
    private static partial Regex Rows();
}
