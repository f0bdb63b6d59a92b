using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

/// <summary>Creates jobs in every state, and searches for them.</summary>
public abstract class SearchStorageTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected string Create(string queue, string argument, string state) =>
        Client.Create(SampleJobs.Text(argument, queue), StateOf(state, queue));

    private protected void CreateMany(int count, string state)
    {
        using var connection = Storage.GetConnection();
        using var transaction = (Hangfire.Storage.JobStorageTransaction)connection.CreateWriteTransaction();
        for (var i = 0; i < count; i++)
        {
            var id = transaction.CreateJob(
                SampleJobs.Text("hay", "crm"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
            transaction.SetJobState(id, StateOf(state, "crm"));
        }
        transaction.Commit();
    }

    private protected static IState StateOf(string state, string queue) => state switch
    {
        "Enqueued" => new EnqueuedState(queue),
        "Scheduled" => new ScheduledState(TimeSpan.FromHours(1)),
        "Failed" => new FailedState(new InvalidOperationException("no")),
        "Succeeded" => new SucceededState(null, 1, 1),
        "Deleted" => new DeletedState(),
        "Awaiting" => new NamedState("Awaiting"),
        _ => new NamedState("Processing"),
    };

    private protected List<string> Ids(JobQuery query) => [.. Storage.Find(query).Jobs.Select(run => run.Id)];

    private protected List<JobListItem> AllPages(JobQuery query)
    {
        List<JobListItem> all = [];
        for (var page = Storage.Find(query); ; page = Storage.Find(query with { After = page.Next }))
        {
            Assert.True(page.Jobs.Count <= query.Size);
            all.AddRange(page.Jobs);
            if (page.Next is null)
                return all;
        }
    }

    /// <summary>A state without what belongs to it: a parent, a server.</summary>
    private sealed class NamedState(string name) : IState
    {
        public string Name => name;

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => [];
    }
}
