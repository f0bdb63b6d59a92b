using Apps.Kit;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>An orderly stop loses nothing, costs no attempt and lets nothing run twice at once.</summary>
public abstract class ShutdownTests(Func<Company> newCompany)
{
    [Fact]
    public async Task S16_LongJob_RunsOnce_AlsoWhileItsServerDrains()
    {
        await using var company = newCompany();
        await DrainAsync(company);
    }

    internal static async Task DrainAsync(Company company, params string[] options)
    {
        // Every storage hands a job to another worker when it was not renewed for 30 seconds.
        var draining = await company.StartCrmAsync(["--HangfireJobs:StopTimeout=00:10:00", .. options]);
        var jobId = await Company.EnqueueAsync(draining, new WorkOrder(company.Tag("drained"), Seconds: 60));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("drained")).Count == 1, "it runs");
        var other = await company.StartCrmAsync(options);

        draining.Signal("TERM");
        await draining.MustEndAsync();

        Assert.Equal("done", Assert.Single(await company.ExecutionsAsync("drained")).Outcome);
        Assert.Equal((int)JobState.Succeeded, (await other.SendAsync(new Command("find", Id: jobId))).GetProperty("state").GetInt32());
    }

    [Theory]
    [InlineData(OnCancel.Honour)]
    [InlineData(OnCancel.WrapInFailure)]
    public async Task S17_S18_Job_IsBackOnItsQueueAndHasUsedNoAttempt_WhenAStopCancelsIt(OnCancel onCancel)
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var jobId = await Company.EnqueueAsync(
            crm, new WorkOrder(company.Tag("stopped"), After: [company.Tag("release")], OnCancel: onCancel));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("stopped")).Count == 1, "it runs");

        await crm.StopAsync();

        Assert.Equal(["crm"], await company.Stored.QueueRowsAsync(jobId));
        Assert.Null(await company.Stored.ParameterAsync(jobId, "RetryCount"));
        Assert.Equal("cancelled", Assert.Single(await company.ExecutionsAsync("stopped")).Outcome);

        var other = await company.StartCrmAsync();
        await Company.EnqueueAsync(other, new WorkOrder(company.Tag("release")));
        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Null(await company.Stored.ParameterAsync(jobId, "LostDeliveries"));
        Assert.Equal([1, 1], (await company.ExecutionsAsync("stopped")).Select(execution => execution.Attempt));
    }

    [Fact]
    public async Task Job_IsExecutedAgainElsewhere_WhenItIgnoresItsToken()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:ShutdownTimeout=00:00:02");
        var jobId = await Company.EnqueueAsync(
            crm, new WorkOrder(company.Tag("stubborn"), After: [company.Tag("release")], OnCancel: OnCancel.Ignore));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("stubborn")).Count == 1, "it runs");

        await crm.StopAsync();
        Assert.Null((await company.ExecutionsAsync("stubborn"))[0].Ended);
        var other = await company.StartCrmAsync();
        await Company.EnqueueAsync(other, new WorkOrder(company.Tag("release")));

        await company.UntilStateAsync(jobId, "Succeeded");
        Assert.Equal([null, "done"], (await company.ExecutionsAsync("stubborn")).Select(execution => execution.Outcome));
        Assert.Null(await company.Stored.ParameterAsync(jobId, "RetryCount"));
    }
}

public sealed class ShutdownTestsOnPostgreSql(CompanyServer server) : ShutdownTests(server.OnPostgreSql);

public sealed class ShutdownTestsOnSqlite(CompanyServer server) : ShutdownTests(server.OnSqlite);

/// <summary>A foreign storage, in which a component of the server renews the claims of running jobs.</summary>
public sealed class ShutdownTestsOnAHandedInStorage(CompanyServer server)
{
    [Fact]
    public async Task S16_LongJob_RunsOnce_AlsoWhileItsServerDrains()
    {
        await using var company = server.OnPostgreSql();
        await ShutdownTests.DrainAsync(company, "--HandIn=Hangfire.PostgreSql");
    }
}
