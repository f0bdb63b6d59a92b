using Asdamir.Data.HangfireJobs.Execution;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;

namespace Asdamir.Data.Tests.Execution;

/// <summary>The referenced version of Hangfire has what the dispatcher takes from its worker.</summary>
public sealed class HangfirePartsTests
{
    [Fact]
    public void Parts_AreKnown() => Assert.True(HangfireParts.AreKnown);

    [Fact]
    public void ProcessingState_NamesServerAndWorker()
    {
        var state = HangfireParts.NewProcessingState("server", "worker");

        Assert.Equal(("server", "worker"), (state.ServerId, state.WorkerId));
    }

    [Fact]
    public void PerformContext_NamesServerAndPerformer()
    {
        using var storage = new InMemoryStorage();
        using var connection = storage.GetConnection();
        var job = new BackgroundJob("1", Job.FromExpression(() => Console.WriteLine()), DateTime.UtcNow);
        var context = HangfireParts.NewPerformContext(storage, connection, job, new JobCancellationToken(false), "server");
        var performer = new Hangfire.Server.BackgroundJobPerformer();

        HangfireParts.SetPerformer(context, performer);

        Assert.Equal(("server", "1"), (context.ServerId, context.BackgroundJob.Id));
        Assert.Same(performer, context.Performer);
    }

    [Fact]
    public void StateChangeContext_HasWhatTheWorkerKnows()
    {
        using var storage = new InMemoryStorage();
        using var connection = storage.GetConnection();
        using var transaction = (Hangfire.Storage.JobStorageTransaction)connection.CreateWriteTransaction();
        var change = new StateChange(new DeletedState(), ["Processing"])
        {
            CustomData = new Dictionary<string, object> { ["key"] = "value" },
            IsWithoutFilters = true,
        };

        var context = HangfireParts.NewStateChangeContext(storage, connection, transaction, "1", "server", change);

        Assert.Equal(("1", "server", "value"), (context.BackgroundJobId, context.ServerId, context.CustomData["key"]));
        Assert.Same(transaction, context.Transaction);
        Assert.True(context.DisableFilters);
        Assert.Equal(["Processing"], context.ExpectedStates);
    }
}
