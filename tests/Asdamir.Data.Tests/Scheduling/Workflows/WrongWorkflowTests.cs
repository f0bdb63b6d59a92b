using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Scheduling.Workflows;

/// <summary>What cannot be a workflow is refused when it is said.</summary>
public sealed class WrongWorkflowTests() : WorkflowHost(StorageKind.Sqlite)
{
    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" ", "is empty")]
    [InlineData("a\nb", "control character")]
    public async Task Name_ThatIsInvalid_IsRefused(string name, string fault)
    {
        await using var host = await StartClientAsync();

        var refused = Assert.Throws<ArgumentException>(() => host.Jobs.NewWorkflow(name));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => host.Jobs.NewWorkflow(null!));
        Assert.Contains(
            "has 201 characters", Assert.Throws<ArgumentException>(() => host.Jobs.NewWorkflow(new string('x', 201))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_WithoutJobs_IsRefused()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("empty");

        var none = Assert.Throws<ArgumentException>(() => flow.AddMany<WorkJob, Work>([]));
        var empty = await Assert.ThrowsAsync<InvalidOperationException>(() => flow.CommitAsync(Token));

        Assert.Contains("There are no elements for 'WorkJob'", none.Message, StringComparison.Ordinal);
        Assert.Contains("The workflow 'empty' has no jobs", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobsOfAnotherWorkflow_AreRefused()
    {
        await using var host = await StartClientAsync();
        await using var one = host.Jobs.NewWorkflow("one");
        await using var two = host.Jobs.NewWorkflow("two");
        var (ofOne, ofTwo) = (one.Add<ReportJob>(), two.Add<ReportJob>());

        var after = Assert.Throws<ArgumentException>(() => two.Add<ReportJob>(after: ofOne));

        Assert.Contains("belong to another workflow", after.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ofOne.And(ofTwo));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Add<ReportJob>(after: ofOne, when: (After)7));
        Assert.Throws<InvalidOperationException>(() => ofOne.JobIds);
    }

    [Fact]
    public async Task Workflow_ThatIsCommitted_CannotBeChanged()
    {
        await using var host = await StartClientAsync();
        var flow = host.Jobs.NewWorkflow("twice");
        flow.Add<ReportJob>();
        await flow.CommitAsync(Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => flow.CommitAsync(Token));
        Assert.Throws<InvalidOperationException>(() => flow.Add<ReportJob>());
        var disposed = host.Jobs.NewWorkflow("disposed");
        disposed.Add<ReportJob>();
        await disposed.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => disposed.CommitAsync(Token));
        Assert.Single(WorkflowsOf(host).ListWorkflows());
    }

    [Fact]
    public async Task Options_ThatAreNotPossible_AreRefused()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("options");
        var first = flow.Add<ReportJob>();

        var key = Assert.Throws<InvalidOperationException>(() => flow.Add<ReportJob>(options: new JobOptions { UniqueKey = "x" }));
        Assert.Contains("jobs of workflows have none", key.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => flow.Add<ReportJob>(options: new JobOptions { IdempotencyKey = "x" }));
        Assert.Throws<InvalidOperationException>(() => flow.Add<UniqueJob>());
        Assert.Throws<ArgumentException>(() => flow.Add<ReportJob>(options: new JobOptions { After = "1" }));
        Assert.Throws<ArgumentException>(() => flow.Add<ReportJob>(after: first, options: new JobOptions { Delay = TimeSpan.FromDays(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Add<ReportJob>(options: new JobOptions { Priority = 10 }));
        flow.OnFinished<ReportJob>();
        Assert.Throws<InvalidOperationException>(() => flow.OnFinished<ReportJob>());
    }

    [Fact]
    public async Task Workflow_ThatIsTooLarge_IsRefused()
    {
        await using var host = await StartClientAsync();
        await using var flow = host.Jobs.NewWorkflow("large");
        var many = flow.AddMany<WorkJob, Work>(Enumerable.Range(0, 1_001).Select(static i => new Work($"{i}")));

        var refused = Assert.Throws<InvalidOperationException>(
            () => flow.AddMany<WorkJob, Work>(Enumerable.Range(0, 1_000).Select(static i => new Work($"{i}")), after: many));

        Assert.Contains("more than 1000000 times for others", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherStorages_SayThatTheyHaveNone()
    {
        await using var host = await JobHost.StartClientAsync(static jobs => jobs.AddJob<ReportJob>());

        var refused = Assert.Throws<NotSupportedException>(() => host.Jobs.NewWorkflow("x"));

        Assert.Contains("has no workflows. Fix: use SQLite or PostgreSQL", refused.Message, StringComparison.Ordinal);
    }
}
