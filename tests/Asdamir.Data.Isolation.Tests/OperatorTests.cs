using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>What a console without workers and without the apps' assemblies may do, and what it is refused.</summary>
public abstract class OperatorTests(Func<Company> newCompany)
{
    [Fact]
    public async Task S07_FailedJob_IsOnItsAppsQueueWithAllItsAttempts_WhenTheConsoleRequeuesIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:Retry:Attempts=1");
        var console = await company.StartConsoleAsync();
        var jobId = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("fails"), FailAttempts: 2));
        await company.UntilStateAsync(jobId, "Failed");
        Assert.Equal("1", await company.Stored.ParameterAsync(jobId, "RetryCount"));
        await crm.StopAsync();

        var requeued = await console.SendAsync(new Command("requeue", Id: jobId, Text: "Failed"));

        Assert.True(requeued.GetProperty("isDone").GetBoolean());
        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(jobId));
        Assert.Equal("0", await company.Stored.ParameterAsync(jobId, "RetryCount"));
    }

    [Fact]
    public async Task S08_Requeue_IsRefusedWithAReason_WhenTheJobIsProcessingOrEnqueued()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=1");
        var console = await company.StartConsoleAsync();
        var processing = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("busy"), After: [company.Tag("never")]));
        await company.UntilStateAsync(processing, "Processing");
        var enqueued = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("waits")));

        var first = await console.SendAsync(new Command("requeue", Id: processing));
        var second = await console.SendAsync(new Command("requeue", Id: enqueued));

        Assert.Equal($"Job {processing} is Processing: requeueing it would execute it twice.", first.GetProperty("reason").GetString());
        Assert.Equal($"Job {enqueued} is Enqueued: requeueing it would execute it twice.", second.GetProperty("reason").GetString());
        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(processing));
        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(enqueued));
    }

    [Fact]
    public async Task S09_Requeue_IsAnErrorAndChangesNothing_WhenTheConsoleCannotLoadTheJob()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var console = await company.StartConsoleAsync();
        var jobId = (await crm.SendAsync(new Command("plain"))).GetString()!;
        await company.UntilStateAsync(jobId, "Failed");

        var refused = await console.SendAsync(new Command("requeue", Id: jobId));

        Assert.False(refused.GetProperty("isDone").GetBoolean());
        Assert.StartsWith(
            $"Job {jobId} cannot be loaded by this process", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("Failed", await company.Stored.StateAsync(jobId));
        Assert.Empty(await company.Stored.QueueRowsAsync(jobId));
    }

    [Fact]
    public async Task S10_Job_IsCancelledAndStaysDeleted_WhenItIsDeletedWhileItIsExecuted()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var console = await company.StartConsoleAsync();
        var jobId = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("deleted"), After: [company.Tag("never")]));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("deleted")).Count == 1, "it is executed");

        await console.SendAsync(new Command("delete", Id: jobId));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("deleted"))[0].Outcome == "cancelled", "its token fires");

        await company.UntilAsync(async () => (await company.Stored.QueueRowsAsync(jobId)).Count == 0, "the worker lets go of it");
        Assert.Equal("Deleted", await company.Stored.StateAsync(jobId));
    }

    [Fact]
    public async Task S12_Console_ShowsAHostilePayloadAsText()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var console = await company.StartConsoleAsync();
        var jobId = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder("hostile"), Seconds: 600))).GetString()!;
        await company.Stored.ChangeArgumentsAsync(
            jobId, """tag\\\":""", """$type\\\":\\\"System.IO.FileInfo, System.IO.FileSystem\\\",\\\"tag\\\":""");

        var listed = (await console.SendAsync(new Command("jobs"))).EnumerateArray()
            .Single(job => job.GetProperty("id").GetString() == jobId);

        Assert.Contains(
            "\"$type\":\"System.IO.FileInfo, System.IO.FileSystem\"", listed.GetProperty("arguments").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task S24_Console_LeavesNoRowInTheListOfServers()
    {
        await using var company = newCompany();
        await company.StartConsoleAsync();

        Assert.Equal(0, await company.Stored.ServersAsync());
    }

    [Fact]
    public async Task App_CannotReachTheJobsAndSchedulesOfTheOtherApp()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var hr = await company.StartHrAsync();
        var jobId = (await crm.SendAsync(new Command("schedule", Order: new WorkOrder(company.Tag("private")), Seconds: 600))).GetString()!;

        Assert.Equal(
            $"There is no job '{jobId}'.", (await hr.SendAsync(new Command("delete", Id: jobId))).GetProperty("reason").GetString());
        Assert.Equal(
            $"There is no job '{jobId}'.", (await hr.SendAsync(new Command("requeue", Id: jobId))).GetProperty("reason").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await hr.SendAsync(new Command("find", Id: jobId))).ValueKind);
        Assert.True((await hr.SendAsync(new Command("remove", Id: "daily-cleanup"))).GetBoolean());
        Assert.Equal(["crm:daily-cleanup"], await company.Stored.RecurringIdsAsync());
        Assert.Equal("Scheduled", await company.Stored.StateAsync(jobId));
    }
}

public sealed class OperatorTestsOnPostgreSql(CompanyServer server) : OperatorTests(server.OnPostgreSql);

public sealed class OperatorTestsOnSqlite(CompanyServer server) : OperatorTests(server.OnSqlite);
