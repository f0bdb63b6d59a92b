using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>One app's surge does not starve another.</summary>
public abstract class LoadTests(Func<Company> newCompany)
{
    [Fact]
    public async Task S28_JobsOfAnApp_AreExecuted_WhileAnotherAppHas100000JobsWaiting()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=2");
        var hr = await company.StartHrAsync("--HangfireJobs:WorkerCount=2");
        for (var thousands = 0; thousands < 100; thousands += 10)
            await crm.SendAsync(new Command("enqueue-many", Order: new WorkOrder(company.Tag("surge")), Count: 10_000));

        for (var i = 1; i <= 10; i++)
        {
            var before = await company.Stored.QueueLengthAsync("crm");
            var jobId = await Company.EnqueueAsync(hr, new WorkOrder(company.Tag("busy")));
            await company.UntilStateAsync(jobId, "Succeeded");
            // In the order of their enqueueing it would have come after all of these.
            Assert.InRange(await company.Stored.QueueLengthAsync("crm"), 1, before);
        }
    }
}

public sealed class LoadTestsOnPostgreSql(CompanyServer server) : LoadTests(server.OnPostgreSql);

public sealed class LoadTestsOnSqlite(CompanyServer server) : LoadTests(server.OnSqlite);
