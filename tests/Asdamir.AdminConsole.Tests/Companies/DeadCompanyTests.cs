using System.Net;
using Asdamir.AdminConsole.Tests.Hosting;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Microsoft.Data.Sqlite;

namespace Asdamir.AdminConsole.Tests.Companies;

/// <summary>A company whose database is down costs the others nothing.</summary>
public sealed class DeadCompanyTests : IAsyncLifetime
{
    private const string Password = "hunter2-hunter2";

    private TestCompany _acme = null!;

    public async ValueTask InitializeAsync() => _acme = await TestCompany.StartAsync("acme");

    public ValueTask DisposeAsync() => _acme.DisposeAsync();

    [Fact]
    public async Task Pages_SayThatTheDatabaseIsAway_WithATraceOfTheLogAndARetry()
    {
        await using var console = await ConsoleHost.StartAsync([_acme.Settings, Dead(SilentDatabase.ClosedPort())]);
        var ada = await console.WelcomeAsync("ada", "operator:*");

        foreach (var page in (string[])[
            "", "/jobs", "/jobs/1", "/recurring", "/servers", "/queues", "/limits", "/workflows", "/workflows/1", "/doctor"])
        {
            var answer = await ada.GetAsync("/globex" + page);

            Assert.Equal((page, HttpStatusCode.OK), (page, answer.Status));
            var problem = Assert.Single(answer.Page.QuerySelectorAll(".problem[role=alert]"));
            Assert.Contains("The database server of globex cannot be reached.", problem.TextContent, StringComparison.Ordinal);
            Assert.Contains("Since 20", problem.TextContent, StringComparison.Ordinal);
            Assert.NotNull(problem.QuerySelector("a[data-retry]"));
            var trace = problem.QuerySelector("code")!.TextContent;
            Assert.Contains(console.Logs.Entries, line =>
                line.Text.StartsWith("The job storage of company globex could not be read", StringComparison.Ordinal)
                    && line.Text.Contains(trace, StringComparison.Ordinal));
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ada.GetAsync("/globex/jobs/1/log")).Status);
        Assert.Equal("stale", (await ada.GetAsync("/globex/live/overview?once=1")).Headers["X-Live"]);
        Assert.Contains("cannot be reached", (await ada.GetAsync("/companies")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/globex/audit")).Status);
    }

    [NeedsPostgreSql]
    [Theory]
    [InlineData("Database=postgres;Username=nobody_here", "public", "refuses the user or the password")]
    [InlineData("Database=not_there", "public", "does not exist")]
    [InlineData("", "not_there", "has no tables")]
    [InlineData("", "public", "has no tables")]
    public async Task Page_SaysWhyTheStorageCannotBeRead(string connection, string schema, string reason)
    {
        var server = await SharedPostgres.GetAsync();
        await using var console = await ConsoleHost.StartAsync(
            [
                new Dictionary<string, string?>(
                    TestCompany.Missing("acme", "PostgreSql", $"{server.ConnectionString};{connection}")) { ["Storage:Schema"] = schema }
            ]);
        var ada = await console.WelcomeAsync("ada", "operator:*");

        var problem = Assert.Single((await ada.GetAsync("/acme")).Page.QuerySelectorAll(".problem"));

        Assert.Contains(reason, problem.TextContent, StringComparison.Ordinal);
        Assert.Contains(reason, (await ada.GetAsync("/companies")).Text, StringComparison.Ordinal);
    }

    [NeedsPostgreSql]
    [Theory]
    [InlineData("CREATE ROLE stranger LOGIN", "stranger", "refuses access to its tables")]
    [InlineData("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0", "crowded", "has no free connection")]
    public async Task Page_SaysWhyTheStorageRefusesTheRoleOfTheConsole(string role, string name, string reason)
    {
        var server = await SharedPostgres.GetAsync();
        await using var acme = await TestCompany.StartAsync("umbrella", server);
        await server.ExecuteAsync(role);
        acme.Settings["Storage:ConnectionString"] += $";Username={name}";
        await using var console = await ConsoleHost.StartAsync(acme);
        var ada = await console.WelcomeAsync("ada", "operator:*");

        var problem = Assert.Single((await ada.GetAsync("/umbrella")).Page.QuerySelectorAll(".problem"));

        Assert.Contains(reason, problem.TextContent, StringComparison.Ordinal);
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task Page_SaysThatTheServerIsStopping()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var globex = await TestCompany.StartAsync("globex", server);
        // The server does not stop before its client does.
        await using var client = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await server.BeginToStopAsync();
        await using var console = await ConsoleHost.StartAsync(globex);
        var ada = await console.WelcomeAsync("ada", "operator:*");

        await Until.TrueAsync(
            async () => (await ada.GetAsync("/globex")).Page.QuerySelector(".problem")?.TextContent
                .Contains("is starting or stopping", StringComparison.Ordinal) == true,
            "the page says it");
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task Page_SaysSinceWhenTheStorageIsAway_UntilItIsBack()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var globex = await TestCompany.StartAsync("globex", server);
        await using var console = await ConsoleHost.StartAsync(_acme, globex);
        var ada = await console.WelcomeAsync("ada", "operator:*");
        Assert.Null((await ada.GetAsync("/globex")).Page.QuerySelector(".problem"));

        await server.StopImmediatelyAsync();
        string? since = null;
        await Until.TrueAsync(async () => (since = await SinceAsync(ada)) is not null, "the page tells of the problem");
        // A read that the rest after a failure does not answer.
        var trace = await TraceAsync(ada);
        await Until.TrueAsync(async () => await TraceAsync(ada) != trace, "the console has asked the database again");

        Assert.Equal(since, await SinceAsync(ada));
    }

    [Fact]
    public async Task Password_IsOnNoPageInNoLogAndInNoAudit()
    {
        await using var console = await ConsoleHost.StartAsync([Dead(SilentDatabase.ClosedPort())]);
        var ada = await console.WelcomeAsync("ada", "operator:*");
        List<Answer> answers = [await ada.GetAsync("/companies")];
        foreach (var address in Addresses.Of(console, "globex", "1")
            .Where(static address => address.IsOfCompany && address.Method == HttpMethod.Get))
        {
            answers.Add(await ada.GetAsync(address.IsLive ? address.Path + "?once=1" : address.Path));
        }
        foreach (var path in (string[])["/globex/jobs/act", "/globex/recurring/act", "/globex/limits/act"])
        {
            foreach (var action in (string[])["requeue", "requeue-all", "pause", "changelimit"])
            {
                var answer = await ada.SubmitAsync(
                    path, ("action", action), ("job", "1|Failed"), ("state", "Failed"), ("id", "daily"), ("queue", "crm"), ("name", "smtp"),
                    ("number", "1"), ("reason", "x"), ("confirmed", "1"));
                answers.Add(answer);
                if (answer.Location is { } location)
                    answers.Add(await ada.GetAsync(location));
            }
        }

        Assert.All(answers, static answer => Assert.DoesNotContain(Password, answer.Body, StringComparison.Ordinal));
        Assert.Contains(answers, static answer => answer.Text.Contains("Requeued 0, failed 1.", StringComparison.Ordinal));
        Assert.DoesNotContain(console.Logs.Entries, static line => line.Text.Contains(Password, StringComparison.Ordinal));
        Assert.NotEmpty(console.Audit("globex"));
        Assert.DoesNotContain(console.Audit("globex"), static entry => entry.ToString().Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PagesOfAnotherCompany_Answer_AndTheConsoleStops_WhileADatabaseHangs()
    {
        using var silent = new SilentDatabase();
        var console = await ConsoleHost.StartAsync([_acme.Settings, Dead(silent.Port)]);
        var ada = await console.WelcomeAsync("ada", "operator:*");
        var job = _acme.Fail("of acme");

        // At any moment eight of its pages wait.
        var asksAgain = true;
        var hanging = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            Answer answer;
            do
                answer = await ada.GetAsync("/globex");
            while (Volatile.Read(ref asksAgain));
            return answer;
        }));
        foreach (var page in (string[])["/acme", "/acme/jobs", $"/acme/jobs/{job}", "/acme/recurring", "/acme/servers", "/acme/queues"])
            Assert.Null((await ada.GetAsync(page)).Page.QuerySelector(".problem"));
        Volatile.Write(ref asksAgain, false);

        Assert.All(await hanging, static answer => Assert.NotNull(answer.Page.QuerySelector(".problem")));
        Assert.Contains("does not answer in time", (await ada.GetAsync("/companies")).Text, StringComparison.Ordinal);
        await console.DisposeAsync().AsTask().WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task Company_IsBack_WhenItsDatabaseIs()
    {
        await using var server = new PostgresServer();
        await server.StartAsync();
        await using var globex = await TestCompany.StartAsync("globex", server);
        await using var console = await ConsoleHost.StartAsync(_acme, globex);
        var ada = await console.WelcomeAsync("ada", "operator:*");
        var job = globex.Fail();
        Assert.Null((await ada.GetAsync("/globex/jobs")).Page.QuerySelector(".problem"));

        await server.StopImmediatelyAsync();
        await Until.TrueAsync(
            async () => (await ada.GetAsync("/globex/jobs")).Page.QuerySelector(".problem") is not null, "the page tells of the problem");
        Assert.Null((await ada.GetAsync("/acme/jobs")).Page.QuerySelector(".problem"));

        await server.StartAgainAsync();
        await Until.TrueAsync(async () => (await ada.GetAsync("/globex/jobs")).Page.QuerySelector(".problem") is null, "the page is back");
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    await ada.SubmitAsync("/globex/jobs/act", ("action", "requeue"), ("job", $"{job}|Failed"));
                    return globex.StateOf(job) == JobState.Enqueued;
                }
                catch (JobStorageUnavailableException)
                {
                    // The test's own connections are those that the end of the server has broken.
                    return false;
                }
            }, "the job is requeued");
    }

    [Fact]
    public async Task Start_AsksNoDatabase()
    {
        using var silent = new SilentDatabase();

        await using var console = await ConsoleHost.StartAsync(
            [Dead(silent.Port), TestCompany.Missing("umbrella", "Sqlite", "Data Source=/nowhere/at/all.db")]);

        Assert.Equal(HttpStatusCode.OK, (await console.NewVisitor().GetAsync("/login")).Status);
        Assert.False(silent.IsAsked, "The console connected although nobody asked for the company.");
    }

    [Fact]
    public async Task FileThatIsNotThere_IsNotCreated()
    {
        using var folder = new TemporaryFolder();
        await using (var console = await ConsoleHost.StartAsync([TestCompany.Missing("acme", "Sqlite", folder.Sqlite())]))
        {
            var ada = await console.WelcomeAsync("ada", "operator:acme");
            foreach (var page in (string[])["", "/jobs", "/jobs/1", "/recurring", "/servers", "/queues", "/limits", "/workflows"])
                Assert.NotNull((await ada.GetAsync("/acme" + page)).Page.QuerySelector(".problem"));
            await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", "1|Failed"));

            Assert.Empty(folder.Info.GetFileSystemInfos());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no database, only a text that is long enough to have a header")]
    public async Task FileWithoutTables_GetsNone(string content)
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("jobs.db");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        await using (var console = await ConsoleHost.StartAsync([TestCompany.Missing("acme", "Sqlite", $"Data Source={file}")]))
        {
            var ada = await console.WelcomeAsync("ada", "operator:acme");
            Assert.NotNull((await ada.GetAsync("/acme/jobs")).Page.QuerySelector(".problem"));
        }

        SqliteConnection.ClearAllPools();
        Assert.Equal(content, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [NeedsPostgreSql]
    [Fact]
    public async Task SchemaThatIsNotThere_IsNotCreated()
    {
        var server = await SharedPostgres.GetAsync();
        var schema = server.NewSchema();
        await using var console = await ConsoleHost.StartAsync(
            [
                new Dictionary<string, string?>(
                    TestCompany.Missing("acme", "PostgreSql", server.ConnectionString)) { ["Storage:Schema"] = schema }
            ]);
        var ada = await console.WelcomeAsync("ada", "operator:acme");

        foreach (var page in (string[])["", "/jobs", "/recurring"])
            Assert.NotNull((await ada.GetAsync("/acme" + page)).Page.QuerySelector(".problem"));

        await using var ask = server.Database.CreateCommand(
            $"SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{schema}'");
        Assert.Equal(0L, await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string?> SinceAsync(Visitor visitor) =>
        (await visitor.GetAsync("/globex")).Page.QuerySelector(".problem time")?.TextContent;

    private static async Task<string?> TraceAsync(Visitor visitor) =>
        (await visitor.GetAsync("/globex")).Page.QuerySelector(".problem code")?.TextContent;

    private static Dictionary<string, string?> Dead(int port) =>
        TestCompany.Missing("globex", "PostgreSql", $"Host=127.0.0.1;Port={port};Database=jobs;Username=jobs;Password={Password}");
}
