using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring;

public sealed class JobMonitorInMemory() : JobMonitorTests(StorageKind.InMemory);

public sealed class JobMonitorOnSqlite() : JobMonitorTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class JobMonitorOnPostgreSql() : JobMonitorTests(StorageKind.PostgreSql);

/// <summary>The public monitor: what it shows of which app, and what it refuses.</summary>
public abstract class JobMonitorTests(StorageKind kind) : MonitoringTests(kind)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitor_ShowsAndTouchesItsOwnAppOnly_WhenTheAppIsIsolated()
    {
        var hr = await StartAsync("hr");
        var theirs = Fail(hr);
        var crm = await StartAsync("crm");
        var ours = Fail(crm);
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();

        Assert.Equal("crm", monitor.App);
        Assert.Equal(
            [ours], (await monitor.GetJobsAsync(new JobListFilter(), 10, cancellationToken: Token)).Jobs.Select(static job => job.Id));
        Assert.Equal(1, (await monitor.CountJobsByStateAsync(new JobListFilter(), 10, Token))[JobState.Failed]);
        Assert.Null(await monitor.FindJobAsync(theirs, cancellationToken: Token));
        Assert.Null(await monitor.GetJobLogAsync(theirs, cancellationToken: Token));
        Assert.All(await monitor.GetQueuesAsync(cancellationToken: Token), static queue => Assert.Equal("crm", queue.Name));
        Assert.All(await monitor.GetFailuresAsync(DateTimeOffset.UnixEpoch, 10, cancellationToken: Token), static type =>
            Assert.Equal("crm", type.Queue));
        await Assert.ThrowsAsync<ArgumentException>(() => monitor.CountJobsAsync(new JobListFilter { App = "hr" }, 10, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => monitor.GetServersAsync("hr", Token));

        var result = await monitor.ExecuteAsync(Delete(theirs), cancellationToken: Token);

        Assert.Equal((0, 1, 0), (result.Done, result.Skipped, result.Failed));
        Assert.Equal(JobState.Failed, hr.Jobs.Find(theirs)!.State);
    }

    [Fact]
    public async Task Execute_TellsTheAuditOfTheRequest_BeforeAndAfter()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        var audit = new Notes();

        var result = await crm.Services.GetRequiredService<IJobMonitor>()
            .ExecuteAsync(Delete(jobId) with { Audit = audit, User = "ada" }, cancellationToken: Token);

        Assert.True(result.IsDone);
        Assert.Equal([$"intended Delete {jobId} ada", $"completed Delete {jobId} 1"], audit.Lines);
    }

    [Fact]
    public async Task Execute_NamesTheJobsOfAFilterToTheAudit_BeforeTheyAreTouched()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        var audit = new Notes();

        var request = new JobActionRequest
        {
            Kind = JobActionKind.Delete, Filter = new JobListFilter { State = JobState.Failed }, Target = "all", Audit = audit
        };
        await crm.Services.GetRequiredService<IJobMonitor>().ExecuteAsync(request, cancellationToken: Token);

        Assert.Equal(["intended Delete all ", $"named {jobId}", "completed Delete all 1"], audit.Lines);
    }

    [Fact]
    public async Task Start_ContinuesInTheBackground_AndIsFoundById()
    {
        var crm = await StartAsync();
        var jobId = Fail(crm);
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();

        var operation = monitor.Start(Delete(jobId), Token);
        await operation.Completion.WaitAsync(Until.Limit, Token);

        Assert.Same(operation, monitor.FindOperation(operation.Action.Id));
        Assert.Contains(operation, monitor.Operations);
        Assert.Equal((true, null, true), (operation.IsFinished, operation.Error, operation.Progress.IsDone));
        Assert.Null(monitor.FindOperation(Guid.NewGuid()));
    }

    [Fact]
    public async Task Execute_RefusesARequest_WhoseTargetDoesNotFitItsKind()
    {
        var monitor = (await StartAsync()).Services.GetRequiredService<IJobMonitor>();
        foreach (var request in (JobActionRequest[])
        [
            new() { Kind = JobActionKind.Delete },
            new() { Kind = JobActionKind.Delete, RecurringJobId = "nightly" },
            new() { Kind = JobActionKind.Pause },
            Delete("1") with { Filter = new JobListFilter() },
            Delete("1") with { Kind = JobActionKind.Pause },
        ])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => monitor.ExecuteAsync(request, cancellationToken: Token));
            Assert.Throws<ArgumentException>(() => monitor.Start(request, Token));
        }
        Assert.Empty(monitor.Operations);
    }

    [Fact]
    public async Task FailureGroups_AreOfTheApp_MaskedAndRequeuedAlone()
    {
        var hr = await StartAsync("hr");
        Fail(hr, "mailbox 1 is full");
        var crm = await StartAsync("crm");
        string[] full = [Fail(crm, "mailbox 2 is full, password=hunter2"), Fail(crm, "mailbox 3 is full, password=hunter3")];
        var other = Fail(crm, "the server is away");
        var monitor = crm.Services.GetRequiredService<IJobMonitor>();

        var failures = await monitor.GetFailureGroupsAsync(DateTimeOffset.UnixEpoch, 10, cancellationToken: Token);

        Assert.Equal((3, false), (failures.Read, failures.IsPartial));
        Assert.Equal([2, 1], failures.Groups.Select(static group => group.Count));
        var group = failures.Groups[0];
        Assert.Equal(("crm", typeof(InvalidOperationException).FullName), (group.Queue, group.ErrorType));
        Assert.DoesNotContain("hunter", group.ErrorMessage, StringComparison.Ordinal);
        var filter = new JobListFilter { State = JobState.Failed, Fingerprint = group.Fingerprint };
        var alike = (await monitor.GetJobsAsync(filter, 10, cancellationToken: Token)).Jobs;
        Assert.Equal(full.Order(), alike.Select(static job => job.Id).Order());

        var result = await monitor.ExecuteAsync(
            new JobActionRequest { Kind = JobActionKind.Requeue, Filter = filter }, cancellationToken: Token);

        Assert.Equal((2, 0, 0), (result.Done, result.Skipped, result.Failed));
        Assert.Equal(
            [other], (await monitor.GetJobsAsync(new JobListFilter { State = JobState.Failed }, 10, cancellationToken: Token)).Jobs
                .Select(static job => job.Id));
    }

    private static JobActionRequest Delete(string jobId) => new() { Kind = JobActionKind.Delete, Jobs = [new JobReference { Id = jobId }] };
}
