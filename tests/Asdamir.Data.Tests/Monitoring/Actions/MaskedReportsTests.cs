using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asdamir.Data.Tests.Monitoring.Actions;

/// <summary>Errors repeat what jobs and databases say, and reasons what users pasted.</summary>
public sealed class MaskedReportsTests() : MonitoringTests(StorageKind.InMemory)
{
    private const string Secret = "hunter2X";
    private static readonly SecretMask Mask = new("");

    private static JobAction Action =>
        new() { Id = Guid.NewGuid(), Kind = JobActionKind.Requeue, Target = "1", At = DateTimeOffset.UnixEpoch };

    [Fact]
    public async Task Result_HidesSecrets_InReportAndAudit()
    {
        var audit = new Outcomes();

        var result = await new AuditedActions([audit], Mask, NullLogger<AuditedActions>.Instance).DoAsync(
            Action, null, static _ => Task.FromResult(JobActionResult.Error("1", $"cannot open Host=db;Password={Secret}")),
            TestContext.Current.CancellationToken);

        Assert.Equal("cannot open Host=db;Password=•••", result.Reason);
        Assert.Equal("cannot open Host=db;Password=•••", audit.Last!.Reason);
    }

    [Fact]
    public async Task Exception_HidesSecrets_InAuditAndReport()
    {
        var audit = new Outcomes();
        var audited = new AuditedActions([audit], Mask, NullLogger<AuditedActions>.Instance);
        var operation = new Operations(Mask).Start(
            Action,
            _ =>
                audited.DoAsync(
                    Action, null, static _ => throw new InvalidOperationException($"cannot open Host=db;Password={Secret}"),
                    TestContext.Current.CancellationToken));

        await Until.TrueAsync(() => operation.IsFinished, "the operation has ended");

        Assert.Equal("cannot open Host=db;Password=•••", operation.Error);
        Assert.Equal("cannot open Host=db;Password=•••", audit.Last!.Reason);
    }

    [Fact]
    public void Progress_HidesSecrets()
    {
        var seen = new Seen();

        Mask.Of(seen)!.Report(JobActionResult.Error("1", $"token={Secret}"));

        Assert.Equal("token=•••", seen.Last!.Reason);
    }

    [Fact]
    public async Task Reason_HidesSecrets_InTheAudit()
    {
        var audit = new Outcomes();
        var crm = await StartAsync(services: services => services.AddSingleton<IJobActionAudit>(audit));
        var id = Fail(crm);

        await crm.PostAsync($"/jobs/{id}/requeue", new { reason = $"the new token={Secret} works" });

        Assert.Equal("the new token=••• works", audit.Action!.Reason);
    }

    private sealed class Seen : IProgress<JobActionResult>
    {
        public JobActionResult? Last { get; private set; }

        public void Report(JobActionResult value) => Last = value;
    }

    private sealed class Outcomes : IJobActionAudit
    {
        public JobAction? Action { get; private set; }

        public JobActionResult? Last { get; private set; }

        public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
        {
            Action = action;
            Last = result;
            return ValueTask.CompletedTask;
        }
    }
}
