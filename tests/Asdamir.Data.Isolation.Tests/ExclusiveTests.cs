using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>Exclusivity by name holds over all servers of the app, for as long as the job takes, and holds no worker.</summary>
public abstract class ExclusiveTests(Func<Company> newCompany)
{
    [Fact]
    public async Task S14_ExclusiveJobsOfOneName_RunOneAfterTheOtherOnAllServers_AndOthersMeanwhile()
    {
        await using var company = newCompany();
        var first = await company.StartCrmAsync("--HangfireJobs:WorkerCount=2");
        await company.StartCrmAsync("--HangfireJobs:WorkerCount=2");
        List<string> jobIds = [];
        string[] others = [company.Tag("other"), company.Tag("free")];
        for (var i = 0; i < 4; i++)
            jobIds.Add(await Company.EnqueueAsync(first, new WorkOrder(company.Tag("one"), Seconds: 1, After: others), "CrmExclusive"));
        var other = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("other")), "CrmOtherExclusive");
        var free = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("free")));

        foreach (var jobId in jobIds.Append(other).Append(free))
            await company.UntilStateAsync(jobId, "Succeeded");

        var one = await company.ExecutionsAsync("one");
        Assert.Equal(4, one.Count);
        Assert.All(
            one.Zip(one.Skip(1)), pair => Assert.True(pair.First.Ended <= pair.Second.Started, "two jobs of one exclusive job overlap"));
        Assert.All(one, execution => Assert.Equal(1, execution.Attempt));
        // The first one ends after these have: it would never end if they waited for it, or if those that wait held the workers.
        var end = one[0].Ended;
        Assert.True((await company.ExecutionsAsync("other"))[0].Ended < end, "an exclusive job of another name waited");
        Assert.True((await company.ExecutionsAsync("free"))[0].Ended < end, "waiting jobs held the workers");
    }

    [Fact]
    public async Task S15_ExclusiveJob_StaysExclusive_WhenItIsLongerThanTheLockTimeout()
    {
        await using var company = newCompany();
        var first = await company.StartCrmAsync();
        await company.StartCrmAsync();
        // No lock of the storages is kept longer than a minute for a holder that is silent.
        var held = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("long"), Seconds: 75), "CrmExclusive");
        await company.UntilAsync(async () => (await company.ExecutionsAsync("long")).Count == 1, "the first one runs");
        var waiting = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("long")), "CrmExclusive");

        await company.UntilStateAsync(held, "Succeeded");
        await company.UntilStateAsync(waiting, "Succeeded");

        var executions = await company.ExecutionsAsync("long");
        Assert.Equal(2, executions.Count);
        Assert.True(executions[0].Ended <= executions[1].Started, "the lock timeout ended the exclusivity");
        Assert.Null(await company.Stored.ParameterAsync(waiting, "RetryCount"));
    }

    [Fact]
    public async Task ExclusiveJob_IsExecutedAgainBeforeTheNextOne_WhenItsProcessWasKilled()
    {
        await using var company = newCompany();
        var first = await company.StartCrmAsync();
        var held = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("killed"), After: [company.Tag("release")]), "CrmExclusive");
        await company.UntilAsync(async () => (await company.ExecutionsAsync("killed")).Count == 1, "it runs");
        var next = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("killed")), "CrmExclusive");
        await first.KillAsync();
        var second = await company.StartCrmAsync();
        await Company.EnqueueAsync(second, new WorkOrder(company.Tag("release")));

        await company.UntilStateAsync(held, "Succeeded");
        await company.UntilStateAsync(next, "Succeeded");

        Assert.Equal([held, held, next], (await company.ExecutionsAsync("killed")).Select(execution => execution.JobId));
    }
}

public sealed class ExclusiveTestsOnPostgreSql(CompanyServer server) : ExclusiveTests(server.OnPostgreSql);

public sealed class ExclusiveTestsOnSqlite(CompanyServer server) : ExclusiveTests(server.OnSqlite);
