using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

/// <summary>What tests of jobs that a server claims do and look at.</summary>
public abstract class ClaimedJobTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    protected const string Server = "server-1";

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected string Enqueue() => Client.Create(SampleJobs.Text("x"), new EnqueuedState());

    protected async Task<IClaimedJob> ClaimAsync()
    {
        using var claims = Storage.OpenClaims(["default"], Server);
        return Assert.Single(await claims.ClaimAsync(1, Cancelled));
    }

    // As its server does.
    protected bool Begin(IClaimedJob job, params JobFilterAttribute[] filters) =>
        Change(job, WorkerState.ProcessingOf(job), filters, "Enqueued", "Processing");

    protected bool End(IClaimedJob job)
    {
        var isChanged = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                isChanged = Change(job, WorkerState.Succeeded, [], "Processing");
                break;
            }
            catch (Exception exception) when (exception.GetType().Name is "WriteConflictException" && attempt < 5)
            {
            }
        }
        job.RemoveFromQueue();
        return isChanged;
    }

    protected bool Change(IClaimedJob job, IState state, JobFilterAttribute[]? filters = null, params string[] from)
    {
        var collection = new JobFilterCollection();
        foreach (var filter in filters ?? [])
            collection.Add(filter);
        return new BackgroundJobStateChanger(collection)
            .ChangeState(new StateChangeContext(Storage, job.Connection, job.JobId, state, from.Length == 0 ? null : from)) is not null;
    }

    protected (string State, long Version) Row(string id) =>
        Rows.Query($"SELECT state, version FROM {{s}}job WHERE id = {id}", static row => (row.GetString(0), row.GetInt64(1))).Single();

    protected string StateOf(string id) =>
        Rows.Query(
            $"SELECT j.state, j.state_at, coalesce(j.state_reason, ''), {CurrentState.TextColumn} FROM {{s}}job AS j WHERE j.id = {id}",
            static row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetString(2)} {row.GetString(3)}").Single();

    /// <summary>What the row of the job does not tell.</summary>
    protected List<string> StoredHistoryOf(string id) =>
        [.. Rows.Query($"SELECT name FROM {{s}}state WHERE job_id = {id} ORDER BY id DESC", static row => row.GetString(0))];

    protected JobDetailsDto Details(string id) => Storage.GetMonitoringApi().JobDetails(id);

    protected List<string> HistoryOf(string id) => [.. Details(id).History.Select(static entry => entry.StateName)];

    protected sealed class Elect(Action<ElectStateContext> elect) : JobFilterAttribute, IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context) => elect(context);
    }
}
