using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>Asynchronous calls hold no thread while they wait for their commits.</summary>
public abstract class ManyCallsTests(Func<Company> newCompany)
{
    private const int Calls = 1_000;

    // The size of its pool must not be smaller than the number of processors, as the process counts them.
    private static readonly Dictionary<string, string> FourProcessors = new() { ["DOTNET_PROCESSOR_COUNT"] = "4" };

    [Fact]
    public async Task EnqueueAsync_HoldsNoThread_WhileAThousandCallsWaitForTheirCommits()
    {
        await using var company = newCompany();
        var crm = await company.StartAsync("Crm", "crm", FourProcessors, ["--HangfireJobs:RunServer=false"]);
        await Company.EnqueueAsync(crm, new WorkOrder("first"));

        int waiting;
        await using (await company.Stored.HoldWritesAsync())
            waiting = (await crm.SendAsync(new Command("begin-many-calls", Text: "call", Count: Calls))).GetInt32();
        var ids = (await crm.SendAsync(new Command("end-many-calls"))).EnumerateArray().Select(static id => id.GetString()!).ToList();

        Assert.Equal(Calls, waiting);
        Assert.Equal(Calls, ids.Distinct().Count());
        var stored = await company.Stored.ArgumentsAsync("call-");
        Assert.Equal(Calls, stored.Count);
        Assert.All(ids.Index(), call => Assert.Contains($"call-{call.Index}\\", stored[call.Item], StringComparison.Ordinal));
        Assert.Equal(Calls + 1, await company.Stored.QueueLengthAsync("crm"));
    }
}

public sealed class ManyCallsTestsOnPostgreSql(CompanyServer server) : ManyCallsTests(server.OnPostgreSql);

public sealed class ManyCallsTestsOnSqlite(CompanyServer server) : ManyCallsTests(server.OnSqlite);
