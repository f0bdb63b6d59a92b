using System.Globalization;
using System.Text.RegularExpressions;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>The end of a job costs the same in a large workflow, and whatever the planner believes.</summary>
[NeedsPostgreSql]
public sealed partial class WorkflowPlanTests(StorageServer server)
{
    private const int Members = 20_000;

    // Each but the last two waits for nothing; the last but one waits for all of them, and the last one for that.
    private static readonly string[] Fill =
    [
        "INSERT INTO {s}workflow (id, queue, name, created_at, members, waiting, succeeded, failed, deleted) "
            + $"SELECT n, 'app', 'flow', 0, {Members}, 2, 0, 0, 0 FROM generate_series(1, 2000) AS n",
        "INSERT INTO {s}workflow_member (job_id, workflow_id, open) SELECT n, 1000, "
            + $"CASE WHEN n = {Members} THEN 1 WHEN n = {Members - 1} THEN {Members - 2} ELSE 0 END "
            + $"FROM generate_series(1, {Members}) AS n",
        $"INSERT INTO {{s}}workflow_edge (parent, child, met_by) SELECT n, {Members - 1}, 1 FROM generate_series(1, {Members - 2}) AS n",
        $"INSERT INTO {{s}}workflow_edge (parent, child, met_by) VALUES ({Members - 1}, {Members}, 1)",
        "INSERT INTO {s}job (id, version, created_at, queue, name, state, parameters) SELECT n, 0, 0, 'app', 'Job', "
            + $"CASE WHEN n < {Members - 1} THEN 'Processing' ELSE 'Awaiting' END, '{{}}' FROM generate_series(1, {Members}) AS n",
        $"INSERT INTO {{s}}set_item (key, value, score) SELECT 'awaiting', n, 0 FROM generate_series(1, {Members}) AS n",
    ];

    private static readonly string[] Tables = ["workflow", "workflow_member", "workflow_edge", "job", "set_item"];

    [Theory]
    [InlineData(1, false, 0)]
    [InlineData(1, true, 0)]
    [InlineData(4, false, 2)]
    [InlineData(4, true, 2)]
    public void End_LooksAtWhatItConcernsOnly(int outcome, bool isAnalyzed, int dropped)
    {
        using var database = Open();
        // What a quiet hour leaves: pages without rows, and statistics that say so.
        foreach (var statement in Fill
            .Concat(Tables.Reverse().Select(static table => $"DELETE FROM {{s}}{table}"))
            .Concat(Tables.Select(static table => $"VACUUM (TRUNCATE FALSE, ANALYZE) {{s}}{table}")))
        {
            using var outside = database.Write();
            outside.Execute(statement);
        }
        using var session = database.Begin();
        foreach (var statement in Fill)
            session.Execute(statement);
        if (isAnalyzed)
            Tables.ToList().ForEach(table => session.Execute($"ANALYZE {{s}}{table}"));

        var locked = MostRows(session, PostgreSqlWorkflowSql.Lock, "bigint[]", "'{10,11,12}'");
        var moved = MostRows(
            session, PostgreSqlWorkflowSql.Move, "bigint[], bigint[], bigint, text",
            $"'{{10,11,12}}', '{{{outcome},{outcome},{outcome}}}', 1, '{{}}'");

        Assert.True(locked < 100 && moved < 100, $"{locked}, {moved}");
        Assert.Equal(dropped, session.Number("SELECT count(*) FROM {s}job WHERE state = 'Deleted'"));
        Assert.Equal(
            outcome == 1 ? Members - 5 : 0, session.Number($"SELECT open FROM {{s}}workflow_member WHERE job_id = {Members - 1}"));
    }

    /// <summary>The most rows any step of the plan has looked at.</summary>
    private static long MostRows(Session session, string sql, string types, string values)
    {
        session.Execute(PostgreSqlWriteSql.Settings);
        session.Execute($"DEALLOCATE ALL; PREPARE asked ({types}) AS {sql}");
        var plan = string.Join(
            '\n', session.Query($"EXPLAIN (ANALYZE, TIMING OFF) EXECUTE asked ({values})", static row => row.GetString(0)));
        TestContext.Current.TestOutputHelper?.WriteLine(plan);
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
