using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Reads.Masking;

public sealed class MaskedAnswersInMemory() : MaskedAnswersTests(StorageKind.InMemory);

public sealed class MaskedAnswersOnSqlite() : MaskedAnswersTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class MaskedAnswersOnPostgreSql() : MaskedAnswersTests(StorageKind.PostgreSql);

/// <summary>No answer of the API holds a secret, and no search finds one.</summary>
public abstract class MaskedAnswersTests(StorageKind kind) : MonitoringTests(kind)
{
    private const string Secret = "hunter2X";

    [Fact]
    public async Task Answers_HideSecrets_WhereverAJobHoldsThem()
    {
        var crm = await StartAsync(
            configure: static options => options.RunServer = true,
            services: static services => services.AddSingleton<IJobContextPropagator, SecretContext>());
        var failed = crm.Jobs.Enqueue<BadJob, string>($"Host=db;Password={Secret};Database=x");
        var reported = crm.Jobs.Enqueue<ReportJob, Report>(new($"https://ann:{Secret}@host", 1));
        crm.Jobs.AddOrUpdateRecurring<BadJob, string>($"token={Secret}", "@yearly", new RecurringOptions { Id = "keyed" });
        await crm.UntilAsync(failed, JobState.Failed);
        await crm.UntilAsync(reported, JobState.Succeeded);

        foreach (var path in new[]
        {
            "/jobs", "/jobs?state=Failed", $"/jobs/{failed}", $"/jobs/{failed}/log", $"/jobs/{reported}", "/recurring-jobs",
            "/recurring-jobs/crm:keyed"
        })
        {
            Assert.DoesNotContain(Secret, (await crm.AskAsync(path)).Body, StringComparison.Ordinal);
        }
        var details = await crm.ReadAsync($"/jobs/{failed}");
        Assert.Equal("\"Host=db;Password=•••;Database=x\"", details.Text("arguments"));
        Assert.Equal("Host=db;Password=•••;Database=x", details.GetProperty("error").Text("message"));
        Assert.Equal(("acme", "•••"), (details.GetProperty("context").Text("tenant"), details.GetProperty("context").Text("apiKey")));
    }

    [Fact]
    public async Task Dashboard_HidesSecrets_OnEveryPage()
    {
        var crm = await StartAsync(configure: static options => (options.RunServer, options.Retry.Attempts) = (true, 1));
        var retried = crm.Jobs.Enqueue<BadJob, string>($"Host=db;Password={Secret};Database=x");
        var reported = crm.Jobs.Enqueue<ReportJob, Report>(new($"https://ann:{Secret}@host", 1));
        var failed = Fail<IdleJob>(crm, $"token={Secret}");
        await crm.UntilAsync(retried, JobState.Scheduled);
        await crm.UntilAsync(reported, JobState.Succeeded);

        foreach (var page in new[]
        {
            "/", "/jobs/failed", "/jobs/succeeded", "/jobs/scheduled", "/retries", $"/jobs/details/{retried}", $"/jobs/details/{reported}",
            $"/jobs/details/{failed}"
        })
        {
            using var response = await crm.GetAsync("/hangfire" + page);
            Assert.Equal((System.Net.HttpStatusCode.OK, page), (response.StatusCode, page));
            Assert.DoesNotContain(
                Secret, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Dashboard_HidesSecrets_InTheErrorOfARecurringJob()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "keyed" });
        using (var connection = crm.Storage.GetConnection())
        {
            connection.SetRangeInHash(
                "recurring-job:crm:keyed",
                [
                    KeyValuePair.Create(
                        "Error",
                        $"System.InvalidOperationException: broken with token={Secret}\n   at Shop.Sweep.Run() in /src/Sweep.cs:line 7")
                ]);
        }

        using var response = await crm.GetAsync("/hangfire/recurring");
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("broken with token=", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PauseReason_HidesSecrets()
    {
        var crm = await StartAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@yearly", new RecurringOptions { Id = "keyed" });
        await crm.PostAsync("/recurring-jobs/crm:keyed/pause", new { reason = $"token={Secret}" });

        var job = await crm.AskAsync("/recurring-jobs/crm:keyed");

        Assert.DoesNotContain(Secret, job.Body, StringComparison.Ordinal);
        Assert.Contains("token=", job.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Secret, 0)]
    [InlineData("hunter", 0)]
    [InlineData("database=x", 12)]
    public async Task Search_FindsWhatIsShown_AndNothingThatIsHidden(string text, int found)
    {
        var crm = await StartAsync();
        for (var i = 0; i < 12; i++)
            Fail<IdleJob>(crm, $"Host=db;Password={Secret};Database=x{i}");

        foreach (var size in new[] { 1, 5, 200 })
        {
            var ids = new HashSet<string>();
            for (var path = $"/jobs?state=Failed&q={text}&pageSize={size}"; path is not null;)
            {
                var answer = await crm.AskAsync(path);
                Assert.Equal(found.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Header("X-Total-Count"));
                Assert.Equal(found == 0, !answer.Json.Ids().Any());
                ids.UnionWith(answer.Json.Ids());
                path = answer.Link("next");
                Assert.False(found == 0 && path is not null);
            }
            Assert.Equal(found, ids.Count);
        }
    }

    [Fact]
    public async Task Search_WalksThroughAllThatIsShown_BesideJobsThatAreHidden()
    {
        var crm = await StartAsync();
        for (var i = 0; i < 30; i++)
            Fail<IdleJob>(crm, i % 3 == 0 ? "see the red door" : "password=red");

        var ids = new HashSet<string>();
        for (var path = "/jobs?state=Failed&q=red&pageSize=4"; path is not null;)
        {
            var answer = await crm.AskAsync(path);
            ids.UnionWith(answer.Json.Ids());
            path = answer.Link("next");
        }
        Assert.Equal(10, ids.Count);
    }

    [Fact]
    public async Task FurtherNames_AreHiddenToo_WhenTheyAreConfigured()
    {
        var crm = await StartAsync(configure: static options => options.Access.MaskedKeys = "quarter");
        var id = crm.Jobs.Enqueue<ReportJob, Report>(new("Q1-" + Secret, 10));

        Assert.Equal("""{"quarter":"•••","pages":10}""", (await crm.ReadAsync($"/jobs/{id}")).Text("arguments"));
    }

    private sealed class SecretContext : IJobContextPropagator
    {
        public void Capture(IDictionary<string, string> values) => (values["tenant"], values["apiKey"]) = ("acme", Secret);

        public void Restore(IReadOnlyDictionary<string, string> values, IServiceProvider services)
        {
        }
    }
}
