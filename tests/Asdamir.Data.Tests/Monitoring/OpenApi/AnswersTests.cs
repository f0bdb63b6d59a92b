using System.Net;
using System.Text;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.OpenApi;

public sealed class AnswersInMemory() : AnswersTests(StorageKind.InMemory);

public sealed class AnswersOnSqlite() : AnswersTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class AnswersOnPostgreSql() : AnswersTests(StorageKind.PostgreSql);

/// <summary>Every answer that the document describes is brought about on a real app and held against it.</summary>
public abstract class AnswersTests(StorageKind kind) : MonitoringTests(kind)
{
    [Fact]
    public async Task EveryDescribedAnswer_IsSeen_AndAsDescribed()
    {
        var crm = await StartAsync(configure: options =>
            (options.RunServer, options.Access.RequestsPerMinute, options.Access.ActionsPerMinute) = (true, 10_000, 10_000));
        var description = await Description.OfAsync(crm);

        await LookAsync(crm, description);
        await ActAsync(crm, description);
        await ActOnLimitsAsync(crm, description);
        await ActOnWorkflowsAsync(crm, description);
        // Its cookie would make all further actions need the token, too.
        await CheckAsync(crm, description, "GET", "/antiforgery", "/antiforgery", HttpStatusCode.OK);
        await BeRefusedAsync(description);
        await BeLimitedAsync(description);
        await FindNoStorageAsync(description);

        // A storage of another package pauses no queue, and has no limits to change.
        Assert.Equal(
            description.Answers.Where(answer => Kind != StorageKind.InMemory || !IsOfOurStorages(answer)).Order(StringComparer.Ordinal),
            description.Seen.Order(StringComparer.Ordinal));
    }

    private static async Task LookAsync(WebHost crm, Description description)
    {
        var runs = await MakeJobsAsync(crm);

        foreach (var query in new[]
        {
            "", "?page=1", "?pageSize=1", "?pageSize=2&page=2",
            "?state=failed&app=crm&name=BadJob&from=2026-01-01&to=2099-01-01T00:00:00Z&q=disk&sort=oldest", "?q=nothing", "?state=Awaiting",
        })
        {
            await CheckAsync(crm, description, "GET", "/jobs", $"/jobs{query}", HttpStatusCode.OK);
        }
        foreach (var query in new[]
        {
            "?state=x", "?page=0", "?pageSize=201", "?from=x", "?to=x", "?sort=x", "?after=x", "?app=hr", $"?q={new string('x', 201)}"
        })
        {
            await CheckAsync(crm, description, "GET", "/jobs", $"/jobs{query}", HttpStatusCode.BadRequest);
        }
        foreach (var jobId in runs)
        {
            await CheckAsync(crm, description, "GET", "/jobs/{id}", $"/jobs/{jobId}", HttpStatusCode.OK);
            await CheckAsync(crm, description, "GET", "/jobs/{id}/log", $"/jobs/{jobId}/log", HttpStatusCode.OK);
        }
        await CheckAsync(crm, description, "GET", "/jobs/{id}", "/jobs/none", HttpStatusCode.NotFound);
        await CheckAsync(crm, description, "GET", "/jobs/{id}/log", "/jobs/none/log", HttpStatusCode.NotFound);
        await CheckAsync(crm, description, "GET", "/operations/{id}", "/operations/none", HttpStatusCode.NotFound);
        foreach (var id in new[] { "crm:nightly", "crm:paused" })
            await CheckAsync(crm, description, "GET", "/recurring-jobs/{id}", $"/recurring-jobs/{id}", HttpStatusCode.OK);
        await CheckAsync(crm, description, "GET", "/recurring-jobs/{id}", "/recurring-jobs/none", HttpStatusCode.NotFound);
        foreach (var path in new[]
        {
            "/statistics", "/recurring-jobs", "/late-recurring-jobs", "/queues", "/limits", "/workflows", "/servers", "/failures",
            "/failure-groups", "/openapi.json",
        })
        {
            await CheckAsync(crm, description, "GET", path, path, HttpStatusCode.OK);
        }
        foreach (var path in new[]
        {
            "/late-recurring-jobs", "/queues", "/limits", "/workflows", "/servers", "/failures", "/failure-groups", "/history",
        })
        {
            await CheckAsync(crm, description, "GET", path, $"{path}?app=hr", HttpStatusCode.BadRequest);
        }
        foreach (var query in new[] { "", "?step=hour", "?step=minute&count=180&app=crm" })
            await CheckAsync(crm, description, "GET", "/history", $"/history{query}", HttpStatusCode.OK);

        var known = (await crm.AskAsync("/statistics")).Header("ETag")!;
        description.Check("GET", "/statistics", await crm.AskAsync("/statistics", ("If-None-Match", known)));
    }

    /// <summary>One job in each state, and a recurring job that has run.</summary>
    private static async Task<List<string>> MakeJobsAsync(WebHost crm)
    {
        var succeeded = crm.Jobs.Enqueue<ReportJob, Report>(new("Q3", 40));
        var failed = crm.Jobs.Enqueue<BadJob, string>("disk is full");
        var scheduled = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var awaiting = crm.Jobs.ContinueWith<IdleJob>(scheduled);
        var deleted = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        crm.Jobs.Delete(deleted);
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("0 2 * * *", new RecurringOptions { Id = "nightly", TimeZone = "Europe/Istanbul" });
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("0 3 * * *", new RecurringOptions { Id = "paused" });
        crm.Jobs.PauseRecurring("paused", "maintenance");
        var triggered = crm.Jobs.TriggerRecurring("nightly")!;
        var unloadable = StoredStates.CreateUnloadable(crm.Storage, "crm", new FailedState(new InvalidOperationException("broken")));
        await crm.UntilAsync(succeeded, JobState.Succeeded);
        await crm.UntilAsync(triggered, JobState.Succeeded);
        await crm.UntilAsync(failed, JobState.Failed);
        return [succeeded, failed, scheduled, awaiting, deleted, triggered, unloadable, Put<IdleJob>(crm, StoredStates.Processing)];
    }

    private async Task ActAsync(WebHost crm, Description description)
    {
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("0 2 * * *", new RecurringOptions { Id = "nightly" });
        foreach (var (action, from) in new[] { ("requeue", "Failed"), ("delete", "Failed") })
        {
            await CheckAsync(
                crm, description, "POST", $"/jobs/{{id}}/{action}", $"/jobs/{Fail(crm)}/{action}", HttpStatusCode.OK,
                new { expectedState = from, reason = "room again" });
            await CheckAsync(
                crm, description, "POST", $"/jobs/{{id}}/{action}", $"/jobs/{Fail(crm)}/{action}", HttpStatusCode.Conflict,
                new { expectedState = "Deleted" });
            await CheckAsync(crm, description, "POST", $"/jobs/{{id}}/{action}", $"/jobs/none/{action}", HttpStatusCode.NotFound);
            await CheckAsync(
                crm, description, "POST", $"/jobs/{{id}}/{action}", $"/jobs/none/{action}", HttpStatusCode.BadRequest,
                new { expectedState = 7 });
            await CheckAsync(
                crm, description, "POST", $"/jobs/{action}", $"/jobs/{action}", HttpStatusCode.OK,
                new { ids = new[] { Fail(crm), "none" } });
            await CheckAsync(crm, description, "POST", $"/jobs/{action}", $"/jobs/{action}", HttpStatusCode.BadRequest, new { });
            var started = await CheckAsync(
                crm, description, "POST", $"/jobs/{action}", $"/jobs/{action}", HttpStatusCode.Accepted,
                new { filter = new { state = "Failed", q = "nothing" } });
            await CheckAsync(crm, description, "GET", "/operations/{id}", started.Headers.Location!.ToString(), HttpStatusCode.OK);
        }
        foreach (var action in new[] { "trigger", "pause", "resume" })
        {
            await CheckAsync(
                crm, description, "POST", $"/recurring-jobs/{{id}}/{action}", $"/recurring-jobs/crm:nightly/{action}", HttpStatusCode.OK,
                new { reason = "room again" });
            await CheckAsync(
                crm, description, "POST", $"/recurring-jobs/{{id}}/{action}", $"/recurring-jobs/none/{action}", HttpStatusCode.NotFound);
            await CheckAsync(
                crm, description, "POST", $"/recurring-jobs/{{id}}/{action}", $"/recurring-jobs/none/{action}", HttpStatusCode.BadRequest,
                new { reasn = "x" });
        }
        await PauseAsync(crm, description);
        await RefuseRecurringAsync(crm, description);
        foreach (var (id, status) in new[] { ("crm:nightly", HttpStatusCode.OK), ("crm:nightly", HttpStatusCode.NotFound) })
            await CheckAsync(crm, description, "POST", "/recurring-jobs/{id}/remove", $"/recurring-jobs/{id}/remove", status);
        await CheckAsync(
            crm, description, "POST", "/recurring-jobs/{id}/remove", "/recurring-jobs/none/remove", HttpStatusCode.BadRequest,
            new { reasn = "x" });
    }

    private async Task PauseAsync(WebHost crm, Description description)
    {
        var done = Kind == StorageKind.InMemory ? HttpStatusCode.Conflict : HttpStatusCode.OK;
        foreach (var (action, body) in new[]
        {
            ("pause", (object)new { reason = "migration", until = "2099-01-01T00:00:00Z" }), ("resume", new { reason = "done" }),
        })
        {
            var path = $"/queues/{{name}}/{action}";
            await CheckAsync(crm, description, "POST", path, $"/queues/crm/{action}", done, body);
            await CheckAsync(crm, description, "GET", "/queues", "/queues", HttpStatusCode.OK);
            await CheckAsync(crm, description, "GET", "/recurring-jobs/{id}", "/recurring-jobs/crm:nightly", HttpStatusCode.OK);
            await CheckAsync(crm, description, "POST", path, $"/queues/hr/{action}", HttpStatusCode.NotFound);
            await CheckAsync(crm, description, "POST", path, $"/queues/crm/{action}", HttpStatusCode.BadRequest, new { reasn = "x" });
        }
        await CheckAsync(crm, description, "POST", "/queues/{name}/resume", "/queues/crm/resume", HttpStatusCode.Conflict);
        var all = await StartAsync("");
        await CheckAsync(all, description, "POST", "/queues/{name}/pause", "/queues/No%20Queue/pause", HttpStatusCode.Conflict);
    }

    private async Task ActOnLimitsAsync(WebHost crm, Description description)
    {
        foreach (var (verb, number) in new[] { ("change", (int?)2), ("reset", null) })
        {
            object Body(string? name) => number is { } maxRunning
                ? new { queue = "crm", name, maxRunning, reason = "slow" }
                : new { queue = "crm", name, reason = "fast again" };
            var path = $"/limits/{verb}";
            if (Kind != StorageKind.InMemory)
                await CheckAsync(crm, description, "POST", path, path, HttpStatusCode.OK, Body("smtp"));
            if (verb == "change")
                await CheckAsync(crm, description, "GET", "/limits", "/limits", HttpStatusCode.OK);
            await CheckAsync(crm, description, "POST", path, path, HttpStatusCode.NotFound, Body("none"));
            await CheckAsync(crm, description, "POST", path, path, HttpStatusCode.BadRequest, Body(null));
        }
    }

    private async Task ActOnWorkflowsAsync(WebHost crm, Description description)
    {
        const string One = "/workflows/{id}";
        const string Cancel = "/workflows/{id}/cancel";
        await CheckAsync(crm, description, "GET", One, "/workflows/none", HttpStatusCode.NotFound);
        await CheckAsync(crm, description, "GET", One, "/workflows/none?pageSize=0", HttpStatusCode.BadRequest);
        await CheckAsync(crm, description, "POST", Cancel, "/workflows/none/cancel", HttpStatusCode.NotFound);
        await CheckAsync(
            crm, description, "POST", Cancel, "/workflows/none/cancel", HttpStatusCode.BadRequest, new { reason = new string('x', 501) });
        if (Kind == StorageKind.InMemory)
            return;
        await using var flow = crm.Jobs.NewWorkflow("close-month");
        var first = flow.Add<IdleJob>(options: new JobOptions { Delay = TimeSpan.FromHours(1) });
        flow.Add<IdleJob>(after: first, when: After.Finished);
        var id = await flow.CommitAsync(TestContext.Current.CancellationToken);
        await CheckAsync(crm, description, "GET", One, $"/workflows/{id}?pageSize=1", HttpStatusCode.OK);
        await CheckAsync(crm, description, "POST", Cancel, $"/workflows/{id}/cancel", HttpStatusCode.OK, new { reason = "Not needed" });
        await CheckAsync(crm, description, "POST", Cancel, $"/workflows/{id}/cancel", HttpStatusCode.Conflict);
        await CheckAsync(crm, description, "GET", "/workflows", "/workflows?app=crm", HttpStatusCode.OK);
    }

    private static bool IsOfOurStorages(string answer) =>
        (answer.StartsWith("POST /queues/", StringComparison.Ordinal) || answer.StartsWith("POST /limits/", StringComparison.Ordinal)
            || answer.StartsWith("GET /workflows/{id}", StringComparison.Ordinal)
            || answer.StartsWith("POST /workflows/", StringComparison.Ordinal))
            && (answer.EndsWith(" 200", StringComparison.Ordinal)
                || answer.Equals("POST /workflows/{id}/cancel 409", StringComparison.Ordinal));

    private static async Task RefuseRecurringAsync(WebHost crm, Description description)
    {
        crm.Jobs.PauseRecurring("nightly");
        using (var connection = crm.Storage.GetConnection())
        {
            connection.SetRangeInHash("recurring-job:crm:nightly", new Dictionary<string, string>
            {
                ["Job"] = """{"t":"Gone.Job, Gone","m":"Run","p":[],"a":[],"q":"crm"}""", ["Cron"] = "nonsense",
            });
        }
        foreach (var action in new[] { "trigger", "resume" })
        {
            await CheckAsync(
                crm, description, "POST", $"/recurring-jobs/{{id}}/{action}", $"/recurring-jobs/crm:nightly/{action}",
                HttpStatusCode.Conflict);
        }
    }

    private async Task BeRefusedAsync(Description description)
    {
        var guarded = await StartAsync(
            configure: options => (options.Access.Policy, options.Access.OperatorPolicy) = ("viewer", "operator"),
            services: HeaderAuthentication.Add);
        foreach (var (method, path) in description.Routes)
        {
            await CheckAsync(guarded, description, method, path, Real(path), HttpStatusCode.Unauthorized, null, []);
            await CheckAsync(
                guarded, description, method, path, Real(path), HttpStatusCode.Forbidden, null,
                ("Authorization", method == "GET" ? "Bearer guest" : "Bearer viewer"));
            if (method == "POST")
                await CheckAsync(guarded, description, method, path, Real(path), HttpStatusCode.BadRequest, null, ("X-Role", "operator"));
        }
    }

    private async Task BeLimitedAsync(Description description)
    {
        var limited = await StartAsync(configure: options => options.Access.RequestsPerMinute = 1);
        await limited.AskAsync("/statistics");
        foreach (var (method, path) in description.Routes)
            await CheckAsync(limited, description, method, path, Real(path), HttpStatusCode.TooManyRequests);
    }

    // A bulk action continues with the next job when one cannot be moved, so there it is the audit that fails.
    private static async Task FindNoStorageAsync(Description description)
    {
        var storage = new FailingStorage();
        await using var app = await WebHost.StartAsync(
            "Development", jobs => jobs.UseStorage(_ => storage), options => options.RunServer = false,
            services => services.AddSingleton<IJobActionAudit, FailingAudit>());
        storage.IsDown = true;
        foreach (var (method, path) in description.Routes.Where(route => description.Describes(route.Method, route.Path, 503)))
        {
            object? body = path switch
            {
                "/jobs/requeue" or "/jobs/delete" => new { ids = new[] { "1" } },
                "/limits/change" => new { queue = "crm", name = "smtp", maxRunning = 1 },
                "/limits/reset" => new { queue = "crm", name = "smtp" },
                _ => null,
            };
            await CheckAsync(app, description, method, path, Real(path), HttpStatusCode.ServiceUnavailable, body);
        }
    }

    private static Task<Answer> CheckAsync(
        WebHost app, Description description, string method, string path, string real, HttpStatusCode status, object? body = null) =>
        CheckAsync(app, description, method, path, real, status, body, Api.Bearer);

    private static async Task<Answer> CheckAsync(
        WebHost app, Description description, string method, string path, string real, HttpStatusCode status, object? body,
        params (string Name, string Value)[] headers)
    {
        var answer = await app.SendAsync(new HttpMethod(method), real, Content(body), headers);
        Assert.True(status == answer.Status, $"{method} {real} is {answer.Status} and not {status}: {answer.Body}");
        description.Check(method, path, answer);
        return answer;
    }

    private static StringContent? Content(object? body) =>
        body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static string Real(string path) =>
        path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{name}", "default", StringComparison.Ordinal);

    private sealed class FailingAudit : IJobActionAudit
    {
        public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken) =>
            throw new IOException("connection refused");

        public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken) =>
            throw new IOException("connection refused");
    }
}
