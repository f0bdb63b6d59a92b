using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>What real processes leave of the steps of their jobs when they are killed, or suspended for longer than their lease.</summary>
public abstract class StepTests(Func<Company> newCompany)
{
    private protected const string ShortLease = "--LeaseSeconds=5";

    private protected Func<Company> NewCompany => newCompany;

    [Fact]
    public async Task Step_IsNotDoneAgain_WhenItsProcessWasKilledAfterItsCommit()
    {
        await using var company = newCompany();
        // The commit of a process with a server begins the job, which may kill it before it has answered.
        var enqueuer = await company.StartCrmAsync("--HangfireJobs:RunServer=false");
        var victim = await company.StartCrmAsync(ShortLease);
        var jobId = await Company.EnqueueAsync(enqueuer, new WorkOrder(company.Tag("job"), KillProcess: true), "CrmSteps");
        await victim.MustEndAsync();

        await company.StartCrmAsync(ShortLease);
        await company.UntilStateAsync(jobId, "Succeeded");

        Assert.Equal(victim.Id, Assert.Single(await company.ExecutionsAsync("job-one")).ProcessId);
        Assert.NotEqual(victim.Id, Assert.Single(await company.ExecutionsAsync("job-two")).ProcessId);
        // Both processes have restored what was ambient for the enqueuer.
        Assert.Equal(2, (await company.ExecutionsAsync("job-context")).Count);
    }

    [Fact]
    public async Task Step_IsStoredByTheNextWorkerOnly_WhenItsProcessWasSuspendedBeyondItsLease()
    {
        await using var company = newCompany();
        var frozen = await company.StartCrmAsync(ShortLease);
        var jobId = await Company.EnqueueAsync(
            frozen, new WorkOrder(company.Tag("job"), After: [company.Tag("release")]), "CrmSteps");
        await company.UntilAsync(
            async () => await company.ExecutionsAsync("job-waits") is [{ Ended: not null }], "it waits between its steps");
        frozen.Signal("STOP");

        var other = await company.StartCrmAsync(ShortLease);
        await company.UntilStateAsync(jobId, "Succeeded");
        await Company.EnqueueAsync(other, new WorkOrder(company.Tag("release")));
        frozen.Signal("CONT");
        await UntilLostAsync(company, frozen);

        Assert.Equal(frozen.Id, Assert.Single(await company.ExecutionsAsync("job-one")).ProcessId);
        Assert.Equal(other.Id, (await company.ExecutionsAsync("job-two"))[0].ProcessId);
        Assert.Equal("Succeeded", await company.Stored.StateAsync(jobId));
    }

    private protected static Task UntilLostAsync(Company company, AppProcess process) =>
        company.UntilAsync(
            async () => (await company.ExecutionsAsync("job-lost")).Any(execution => execution.ProcessId == process.Id),
            "the first worker learns it");
}

public sealed class StepTestsOnSqlite(CompanyServer server) : StepTests(server.OnSqlite);

/// <summary>On PostgreSQL a job can end in its own transaction, too.</summary>
public sealed class StepTestsOnPostgreSql(CompanyServer server) : StepTests(server.OnPostgreSql)
{
    // A transaction that has ended a job may be idle for half of a lease, and a process may get no processor for some seconds.
    private const string LongLease = "--LeaseSeconds=30";

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task Transaction_IsRolledBack_WhenItsProcessWasSuspendedBeyondItsLeaseBeforeOrAfterTheCall(string place)
    {
        await using var company = NewCompany();
        var (frozen, jobId) = await StartBookingAsync(company, place);
        frozen.Signal("STOP");
        var other = await company.StartCrmAsync(LongLease);
        await company.UntilStateAsync(jobId, "Succeeded");

        await Company.EnqueueAsync(other, new WorkOrder(company.Tag("release")));
        frozen.Signal("CONT");
        await UntilLostAsync(company, frozen);

        Assert.Equal(other.Id, Assert.Single(await company.ExecutionsAsync("job-booked")).ProcessId);
        Assert.Equal("Succeeded", await company.Stored.StateAsync(jobId));
    }

    [Fact]
    public async Task Job_IsDoneAgain_WhenItsProcessWasKilledBetweenTheCallAndTheCommit()
    {
        await using var company = NewCompany();
        var (victim, jobId) = await StartBookingAsync(company, "after");
        await victim.KillAsync();

        var other = await company.StartCrmAsync(LongLease);
        await company.UntilStateAsync(jobId, "Succeeded");

        Assert.Equal(other.Id, Assert.Single(await company.ExecutionsAsync("job-booked")).ProcessId);
    }

    private static async Task<(AppProcess App, string JobId)> StartBookingAsync(Company company, string place)
    {
        var app = await company.StartCrmAsync(LongLease);
        var jobId = await Company.EnqueueAsync(
            app, new WorkOrder(company.Tag("job"), After: [company.Tag("release")], FailureText: place), "CrmBooking");
        await company.UntilAsync(
            async () => await company.ExecutionsAsync("job-waits") is [{ Ended: not null }], "it waits in its transaction");
        return (app, jobId);
    }
}
