using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class AuditTests() : MonitoringTests(StorageKind.InMemory)
{
    private readonly Recorder _audit = new();

    [Fact]
    public async Task Audit_IsToldTheIntent_AndTheOutcome_OfTheSameAction()
    {
        var crm = await StartAuditedAsync();
        var jobId = Fail(crm);
        var before = DateTimeOffset.UtcNow;

        await SendAsync(
            crm, $"/jobs/{jobId}/requeue", """{"reason":"room again"}""", ("X-Role", "operator"), ("X-User", "ada"), Api.Bearer);

        var intent = _audit.Intents.Single();
        var outcome = _audit.Outcomes.Single();
        Assert.Same(intent, outcome.Action);
        Assert.Equal(
            (JobActionKind.Requeue, jobId, "room again", "ada", "127.0.0.1"),
            (intent.Kind, intent.Target, intent.Reason, intent.User, intent.Address));
        Assert.InRange(intent.At, before, DateTimeOffset.UtcNow);
        Assert.Equal((1, 0, 0), (outcome.Result.Done, outcome.Result.Skipped, outcome.Result.Failed));
    }

    [Fact]
    public async Task Audit_IsToldWhyAnActionWasRefused()
    {
        var crm = await StartAuditedAsync();
        var jobId = crm.Jobs.Enqueue<IdleJob>();

        await SendAsync(crm, $"/jobs/{jobId}/requeue", "", Api.Bearer);

        Assert.Single(_audit.Intents);
        Assert.Equal((0, 1), (_audit.Outcomes.Single().Result.Done, _audit.Outcomes.Single().Result.Skipped));
        Assert.Contains("twice", _audit.Outcomes.Single().Result.Remarks.Single().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("viewer", JobActionKind.Delete, "/jobs/1/delete", "not act")]
    [InlineData("viewer", JobActionKind.ChangeLimit, "/limits/change", "not act")]
    [InlineData("viewer", JobActionKind.CancelWorkflow, "/workflows/1/cancel", "not act")]
    [InlineData("guest", JobActionKind.Pause, "/recurring-jobs/sweep/pause", "may not see")]
    [InlineData("viewer", JobActionKind.PauseQueue, "/queues/crm/pause", "not act")]
    [InlineData("guest", JobActionKind.ResumeQueue, "/queues/crm/resume", "may not see")]
    [InlineData(null, JobActionKind.Requeue, "/jobs/requeue", "may not see")]
    public async Task Audit_IsToldOfDeniedAttempts_WithoutAnIntent(string? role, JobActionKind kind, string path, string why)
    {
        var crm = await StartAuditedAsync();

        var answer = role is null
            ? await SendAsync(crm, path, "")
            : await SendAsync(crm, path, "", ("Authorization", $"Bearer {role}"), ("X-User", "eve"));

        answer.Problem(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);
        Assert.Empty(_audit.Intents);
        var (action, result) = _audit.Outcomes.Single();
        Assert.Equal((kind, Api.Root + path, role is null ? null : "eve"), (action.Kind, action.Target, action.User));
        Assert.Equal((0, 0, 0), (result.Done, result.Skipped, result.Failed));
        Assert.Contains(why, result.Remarks.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_IsToldOfAnAttemptWithoutAntiforgeryToken()
    {
        var crm = await StartAuditedAsync();

        (await SendAsync(crm, "/jobs/1/delete", "", ("X-Role", "operator"))).Problem(HttpStatusCode.BadRequest);

        Assert.Contains("antiforgery", _audit.Outcomes.Single().Result.Remarks.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_HoldsAnActionInOneLine_WhateverItsWordsAre()
    {
        using var logs = new LogCapture();
        var crm = await StartAsync(services: services => services.AddSingleton<ILoggerProvider>(logs));

        await SendAsync(crm, "/jobs/delete", """{"ids":["1\n2"],"reason":"done\r\nfail: forged\u001b[31m\u2028\u202e"}""", Api.Bearer);

        var line = Assert.Single(logs.With(1701)).Message;
        Assert.Contains(@"Delete of 1\u000a2 by", line, StringComparison.Ordinal);
        Assert.Contains(@"(done\u000d\u000afail: forged\u001b[31m\u2028\u202e)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_SaysSo_WhenThereIsNeitherAUserNorAReason()
    {
        using var logs = new LogCapture();
        var crm = await StartAsync(services: services => services.AddSingleton<ILoggerProvider>(logs));

        await SendAsync(crm, "/jobs/delete", """{"ids":["1"]}""", Api.Bearer);

        Assert.Contains("by an anonymous user (no reason given)", Assert.Single(logs.With(1701)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_IsNotFlooded_ByDeniedAttempts()
    {
        var crm = await StartAuditedAsync(options => options.Access.RequestsPerMinute = 3);
        var refused = 0;

        // A machine that needs a minute for three requests is not limited in between.
        await Until.TrueAsync(
            async () =>
            {
                var before = _audit.Outcomes.Count;
                var answer = await SendAsync(crm, "/jobs/1/delete", "");
                refused += answer.Status == HttpStatusCode.TooManyRequests ? 1 : 0;
                Assert.Equal(answer.Status == HttpStatusCode.TooManyRequests ? before : before + 1, _audit.Outcomes.Count);
                return refused == 7;
            },
            "seven attempts are refused");
    }

    [Fact]
    public async Task Audit_IsToldNothing_OfLooks_AndOfPathsThatAreNoAction()
    {
        var crm = await StartAuditedAsync();

        await crm.AskAsync("/jobs");
        (await SendAsync(crm, "/jobs/1/nonsense", "")).Problem(HttpStatusCode.Unauthorized);
        (await SendAsync(crm, "/jobs/1", "")).Problem(HttpStatusCode.Unauthorized);

        Assert.Empty(_audit.Outcomes);
    }

    [Fact]
    public async Task Action_IsNotCarriedOut_WhenTheAuditDoesNotAcceptIt()
    {
        var crm = await StartAuditedAsync();
        var jobId = Fail(crm);
        _audit.OnIntended = () => throw new IOException("the audit's disk is full");

        var why = (await SendAsync(crm, $"/jobs/{jobId}/delete", "", Api.Bearer)).Problem(HttpStatusCode.ServiceUnavailable);

        Assert.Contains("audit", why, StringComparison.Ordinal);
        Assert.DoesNotContain("disk is full", why, StringComparison.Ordinal);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Action_WaitsForTheAudit()
    {
        var crm = await StartAuditedAsync();
        var jobId = Fail(crm);
        var state = (JobState?)null;
        _audit.OnIntended = () => state = crm.Jobs.Find(jobId)!.State;

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(crm, $"/jobs/{jobId}/delete", "", Api.Bearer)).Status);

        Assert.Equal(JobState.Failed, state);
        Assert.Single(_audit.Outcomes);
    }

    [Fact]
    public async Task Action_IsAnsweredAsDone_WhenOnlyTheOutcomeCouldNotBeAudited()
    {
        var crm = await StartAuditedAsync();
        var jobId = Fail(crm);
        _audit.OnCompleted = () => throw new IOException("the audit's disk is full");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(crm, $"/jobs/{jobId}/delete", "", Api.Bearer)).Status);
        Assert.Equal(JobState.Deleted, crm.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Audit_IsToldTheOutcomeOfABulkAction_WhenItHasEnded()
    {
        var crm = await StartAuditedAsync();
        Fail(crm);
        Fail(crm);

        var answer = await SendAsync(crm, "/jobs/delete", """{"filter":{"state":"Failed"}}""", Api.Bearer);
        await Until.TrueAsync(() => _audit.Outcomes.Count == 1, "the outcome is known");

        Assert.Equal(answer.Json.Text("id"), _audit.Outcomes.Single().Action.Id.ToString());
        Assert.Equal(2, _audit.Outcomes.Single().Result.Done);
    }

    private static Task<Answer> SendAsync(WebHost app, string path, string body, params (string Name, string Value)[] headers) =>
        app.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    private Task<WebHost> StartAuditedAsync(Action<HangfireJobsOptions>? configure = null) => StartAsync(
        configure: options =>
        {
            options.Access.Policy = "viewer";
            options.Access.OperatorPolicy = "operator";
            configure?.Invoke(options);
        },
        services: services =>
        {
            HeaderAuthentication.Add(services);
            services.AddSingleton<IJobActionAudit>(_audit);
        });

    private sealed class Recorder : IJobActionAudit
    {
        public ConcurrentQueue<JobAction> Intents { get; } = new();

        public ConcurrentQueue<(JobAction Action, JobActionResult Result)> Outcomes { get; } = new();

        public Action OnIntended { get; set; } = static () => { };

        public Action OnCompleted { get; set; } = static () => { };

        public async ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Intents.Enqueue(action);
            OnIntended();
        }

        public async ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Outcomes.Enqueue((action, result));
            OnCompleted();
        }
    }
}
