using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Contract;

/// <summary>A fetched job, on which the test acts as Hangfire's worker does.</summary>
internal sealed class WorkedJob(SqlJobStorage storage, JobStorageConnection connection, IFetchedJob fetched) : IDisposable
{
    public string Id => fetched.JobId;

    public void Begin() => Change(WorkerState.Processing, new JobFilterCollection(), "Enqueued", "Processing");

    public void End(IJobFilterProvider? filters = null)
    {
        Change(WorkerState.Succeeded, new Completing(fetched, filters ?? new JobFilterCollection()), "Processing");
        fetched.RemoveFromQueue();
    }

    public void GiveBack() => fetched.Requeue();

    public void Dispose()
    {
        fetched.Dispose();
        connection.Dispose();
    }

    private void Change(IState state, IJobFilterProvider filters, params string[] from)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                new BackgroundJobStateChanger(filters).ChangeState(new StateChangeContext(storage, connection, Id, state, from));
                return;
            }
            catch (Exception exception) when (exception.GetType().Name is "WriteConflictException" && attempt < 5)
            {
            }
        }
    }

    /// <summary>Ends the claim in the transaction of the state, as Hangfire's worker does.</summary>
    private sealed class Completing(IFetchedJob fetched, IJobFilterProvider others) : IJobFilterProvider, IApplyStateFilter
    {
        public IEnumerable<JobFilter> GetFilters(Job job) =>
            others.GetFilters(job).Append(new JobFilter(this, JobFilterScope.Global, order: null));

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
            ((JobStorageTransaction)transaction).RemoveFromQueue(fetched);

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }
    }
}
