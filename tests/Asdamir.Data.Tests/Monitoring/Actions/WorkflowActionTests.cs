using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

public sealed class WorkflowActionOnSqlite() : WorkflowActionTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class WorkflowActionOnPostgreSql() : WorkflowActionTests(StorageKind.PostgreSql);

/// <summary>What is shown of workflows, and how they are cancelled.</summary>
public abstract class WorkflowActionTests(StorageKind kind) : MonitoringTests(kind)
{
    private const string Secret = "hunter2";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflow_IsShown_WithItsProgressAndItsJobs()
    {
        var crm = await StartAsync();
        await using var flow = crm.Jobs.NewWorkflow($"close; password={Secret}");
        var first = flow.Add<IdleJob>();
        var second = flow.Add<OtherJob>(after: first, when: After.Finished);
        flow.OnFinished<OtherJob>();
        var id = await flow.CommitAsync(Token);
        crm.Jobs.Delete(first.JobIds[0]);

        var listed = (await crm.ReadAsync("/workflows"))[0];
        var shown = await crm.ReadAsync($"/workflows/{id}?pageSize=1");
        var rest = await crm.ReadAsync($"/workflows/{id}?after={shown.Text("next")}");

        Assert.Equal((id, "crm", "Running"), (listed.Text("id"), listed.Text("queue"), listed.Text("state")));
        Assert.Equal((2, 0, 1, 0, 0, 1), (
            listed.Number("jobs"), listed.Number("waiting"), listed.Number("running"), listed.Number("succeeded"),
            listed.Number("failed"), listed.Number("deleted")));
        Assert.DoesNotContain(Secret, listed.GetRawText() + shown.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(listed.GetRawText(), shown.GetProperty("workflow").GetRawText());
        var job = Assert.Single(shown.GetProperty("jobs").EnumerateArray());
        Assert.Equal((first.JobIds[0], "IdleJob", "Deleted"), (job.Text("id"), job.Text("name"), job.Text("state")));
        var edge = Assert.Single(shown.GetProperty("edges").EnumerateArray());
        Assert.Equal(
            (first.JobIds[0], second.JobIds[0], "Finished"), (edge.Text("parent"), edge.Text("child"), edge.Text("when")));
        Assert.Equal(second.JobIds[0], Assert.Single(rest.GetProperty("jobs").EnumerateArray()).Text("id"));
        Assert.False(rest.TryGetProperty("next", out _));
        Assert.Equal(id, (await crm.ReadAsync($"/jobs/{second.JobIds[0]}")).Text("workflowId"));
        Assert.False((await crm.ReadAsync($"/jobs/{crm.Jobs.Enqueue<IdleJob>()}")).TryGetProperty("workflowId", out _));
    }

    [Fact]
    public async Task Cancellation_DeletesTheJobs_AndSaysWho()
    {
        var crm = await StartAsync();
        var id = await CreateAsync(crm);
        var delayed = await CreateAsync(crm, new JobOptions { Delay = TimeSpan.FromHours(1) });
        var audit = new Notes();
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();
        var request = new JobActionRequest
        {
            Kind = JobActionKind.CancelWorkflow, WorkflowId = id, User = "ada", Reason = "closed by hand", Audit = audit,
        };

        Assert.True((await monitor.ExecuteAsync(request, cancellationToken: Token)).IsDone);
        Assert.True((await monitor.ExecuteAsync(request with { WorkflowId = delayed }, cancellationToken: Token)).IsDone);
        var again = await monitor.ExecuteAsync(request, cancellationToken: Token);

        foreach (var cancelled in new[] { id, delayed })
        {
            var flow = (await monitor.FindWorkflowAsync(cancelled, 10, cancellationToken: Token))!;
            Assert.Equal((WorkflowState.Cancelled, "ada", "closed by hand"), (
                flow.Workflow.State, flow.Workflow.CancelledBy, flow.Workflow.CancelReason));
            Assert.All(flow.Jobs, static job => Assert.Equal("Deleted", job.State));
        }
        Assert.Equal((0, 1, $"Workflow {id} has finished."), (again.Done, again.Skipped, again.Reason));
        Assert.Equal(
            [
                $"intended CancelWorkflow {id} ada", $"completed CancelWorkflow {id} 1",
                $"intended CancelWorkflow {delayed} ada", $"completed CancelWorkflow {delayed} 1",
                $"intended CancelWorkflow {id} ada", $"completed CancelWorkflow {id} 0",
            ],
            audit.Lines);
    }

    [Fact]
    public async Task App_SeesAndCancelsItsOwnWorkflowsOnly()
    {
        var (crm, hr) = (await StartAsync(), await StartAsync("hr"));
        var id = await CreateAsync(crm);

        Assert.Empty((await hr.ReadAsync("/workflows")).EnumerateArray());
        (await hr.AskAsync($"/workflows/{id}")).Problem(HttpStatusCode.NotFound);
        (await hr.PostAsync($"/workflows/{id}/cancel")).Problem(HttpStatusCode.NotFound);
        var refused = await hr.Services.GetRequiredService<IJobMonitor>().ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.CancelWorkflow, WorkflowId = id }, cancellationToken: Token);

        Assert.Equal((0, $"There is no workflow '{id}'."), (refused.Done, refused.Reason));
        Assert.Equal("Running", (await crm.ReadAsync($"/workflows/{id}")).GetProperty("workflow").Text("state"));
    }

    [Fact]
    public async Task Request_WithoutItsTarget_IsRefused()
    {
        var crm = await StartAsync();
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();
        var cancel = new JobActionRequest { Kind = JobActionKind.CancelWorkflow, WorkflowId = "1" };

        foreach (var request in new[]
        {
            cancel with { WorkflowId = null }, cancel with { WorkflowId = "" }, cancel with { RecurringJobId = "x" },
            cancel with { MaxRunning = 1 }, cancel with { Kind = JobActionKind.Delete, Jobs = [new JobReference { Id = "1" }] },
        })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => monitor.ExecuteAsync(request, cancellationToken: Token));
        }
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => monitor.GetWorkflowsAsync(0, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => monitor.FindWorkflowAsync("1", 1001, cancellationToken: Token));
    }

    private static async Task<string> CreateAsync(WebHost app, JobOptions? options = null)
    {
        await using var flow = app.Jobs.NewWorkflow("close-month");
        flow.Add<OtherJob>(after: flow.Add<IdleJob>(options: options));
        return await flow.CommitAsync(Token);
    }
}
