using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

namespace Asdamir.Data.Tests.Monitoring.Diagnosis;

public sealed class ServerChecksTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Servers_ThatDieOneAfterTheOther_AreAFinding(int deaths, bool isFound)
    {
        var findings = new Findings();
        var crashes = new ServerCrashes { Count = deaths, FirstAt = Now.AddMinutes(-5), LastAt = Now };

        ServerChecks.Find(findings, [], [new QueueSummary { Name = "night", Crashes = crashes }]);

        Assert.Equal(isFound ? [JobFindingKind.CrashingServers] : [], findings.Sorted.Select(static finding => finding.Kind));
        Assert.All(findings.Sorted, finding => Assert.Equal(("queue night", "2"), (finding.Target, finding.Value)));
    }

    [Fact]
    public void Servers_OfDifferingQueues_AreAFinding_OnlyWhileBothRun()
    {
        var wide = Server("all", ServerState.Running, "crm", "hr");
        var both = new Findings();
        var one = new Findings();

        ServerChecks.Find(both, [wide, Server("crm", ServerState.Running, "crm")], []);
        ServerChecks.Find(one, [wide, Server("crm", ServerState.Stopped, "crm")], []);

        Assert.Equal("server all", Assert.Single(both.Sorted).Target);
        Assert.Equal(JobFindingKind.ServersOfDifferingQueues, both.Sorted[0].Kind);
        Assert.Empty(one.Sorted);
    }

    private static ServerSummary Server(string id, ServerState state, params string[] queues) =>
        new() { Id = id, Queues = queues, State = state, Workers = 20, StartedAt = Now };
}
