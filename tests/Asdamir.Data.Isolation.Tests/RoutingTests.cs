using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>Whichever process moves a job, it stays on its app's queue and is executed by its app only.</summary>
public abstract class RoutingTests(Func<Company> newCompany)
{
    [Fact]
    public async Task TwoApps_StartOnAnEmptySchema_AtTheSameMoment()
    {
        await using var company = newCompany();
        var apps = await Task.WhenAll(company.StartCrmAsync(), company.StartHrAsync());

        await Company.EnqueueAsync(apps[0], new WorkOrder(company.Tag("both")));
        await Company.EnqueueAsync(apps[1], new WorkOrder(company.Tag("both")));

        await company.UntilAsync(async () => (await company.ExecutionsAsync("both")).Count == 2, "two executions");
        Assert.Equal(["Apps.Crm", "Apps.Hr"], (await company.ExecutionsAsync("both")).Select(execution => execution.App).Order());
    }

    [Fact]
    public async Task S01_DelayedJob_GoesToItsOwnQueue_WhenTheOtherAppMovesIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var jobId = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder(company.Tag("delayed")), Seconds: 3_600)))
            .GetString()!;
        await crm.StopAsync();
        await company.StartHrAsync();
        await company.Stored.MakeDueAsync(jobId);

        await company.UntilAsync(async () => (await company.Stored.QueueRowsAsync(jobId)).Count > 0, "the job is due");

        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(jobId));
        Assert.Equal(["crm"], await company.Stored.QueuesInUseAsync());
        Assert.Empty(await company.ExecutionsAsync("delayed"));
    }

    [Fact]
    public async Task S02_Retry_IsBackOnItsQueueWithOneMoreAttempt_WhenTheOtherAppMovesIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:Retry:BaseDelay=01:00:00", "--HangfireJobs:Retry:MaxDelay=01:00:00");
        var jobId = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("retry"), FailAttempts: 1));
        await company.UntilStateAsync(jobId, "Scheduled");
        await crm.StopAsync();
        await company.StartHrAsync();
        await company.Stored.MakeDueAsync(jobId);

        await company.UntilAsync(async () => (await company.Stored.QueueRowsAsync(jobId)).Count > 0, "the retry is due");
        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(jobId));
        Assert.Equal("1", await company.Stored.ParameterAsync(jobId, "RetryCount"));

        await company.StartCrmAsync();
        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Equal(
            [("Apps.Crm", 1), ("Apps.Crm", 2)],
            (await company.ExecutionsAsync("retry")).Select(execution => (execution.App, execution.Attempt)));
    }

    [Fact]
    public async Task S05_Continuation_IsDeletedAndNeverOnTheDefaultQueue_WhenTheConsoleDeletesItsParent()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var console = await company.StartConsoleAsync();
        var parent = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder(company.Tag("parent")), Seconds: 600))).GetString()!;
        var child = (await crm.SendAsync(new Command("continue", Order: new WorkOrder(company.Tag("child")), Id: parent))).GetString()!;

        var deleted = await console.SendAsync(new Command("delete", Id: parent));

        Assert.True(deleted.GetProperty("isDone").GetBoolean());
        Assert.Equal("Deleted", await company.Stored.StateAsync(child));
        Assert.Empty(await company.Stored.QueuesInUseAsync());
    }

    [Fact]
    public async Task S05_Continuation_RunsOnItsOwnQueue_WhenTheOtherProcessStartsIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        await company.StartHrAsync();
        var parent = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("parent"), Seconds: 1));
        var child = (await crm.SendAsync(new Command("continue", Order: new WorkOrder(company.Tag("child")), Id: parent))).GetString()!;

        await company.UntilStateAsync(child, "Succeeded");

        Assert.Equal("Apps.Crm", Assert.Single(await company.ExecutionsAsync("child")).App);
    }

    [Fact]
    public async Task S06_Job_IsHandedBackAndExecutedByItsOwnAppOnly_WhenItIsInTheOtherAppsQueue()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var jobId = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder(company.Tag("stray")), Seconds: 600))).GetString()!;
        await crm.StopAsync();
        await company.StartHrAsync();
        await company.Stored.EnqueueAsync(jobId, "hr");

        await company.UntilAsync(async () => (await company.Stored.QueueRowsAsync(jobId)) is ["crm"], "the stray is handed back");
        Assert.Equal("Handed back to queue 'crm', where it belongs", await company.Stored.ReasonAsync(jobId));

        await company.StartCrmAsync();
        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Equal("Apps.Crm", Assert.Single(await company.ExecutionsAsync("stray")).App);
    }

    [Fact]
    public async Task S29_Job_WaitsAndIsNeverLost_WhenNoBuildKnowsItsTypeYet()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var jobId = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder(company.Tag("unknown")), Seconds: 600))).GetString()!;
        // What a newer build of the app has stored: a job this build does not have.
        await company.Stored.ChangeArgumentsAsync(jobId, "CrmWork", "CrmWorkOfTomorrow");
        await company.Stored.EnqueueAsync(jobId, "crm");

        await company.UntilAsync(
            async () => (await company.Stored.ReasonAsync(jobId))?.Contains("no job named", StringComparison.Ordinal) == true,
            "the job is postponed");

        Assert.Equal("Scheduled", await company.Stored.StateAsync(jobId));
        Assert.StartsWith(
            "This build has no job named 'CrmWorkOfTomorrow'.", await company.Stored.ReasonAsync(jobId), StringComparison.Ordinal);
        Assert.Null(await company.Stored.ParameterAsync(jobId, "RetryCount"));

        // The newer build arrives.
        await company.Stored.ChangeArgumentsAsync(jobId, "CrmWorkOfTomorrow", "CrmWork");
        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Single(await company.ExecutionsAsync("unknown"));
    }
}

public sealed class RoutingTestsOnPostgreSql(CompanyServer server) : RoutingTests(server.OnPostgreSql);

public sealed class RoutingTestsOnSqlite(CompanyServer server) : RoutingTests(server.OnSqlite);
