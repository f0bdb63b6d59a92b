using System.Runtime.CompilerServices;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// The filters of a job, of which those of the app record what they throw: an exception of a database may come from such a filter or from
/// the storage, and only the place where it was thrown tells which.
/// </summary>
internal sealed class WatchedFilters(IJobFilterProvider filters) : IJobFilterProvider
{
    private readonly ConditionalWeakTable<Exception, object> _thrown = [];

    public bool HaveThrown(Exception exception) => _thrown.TryGetValue(exception, out _);

    public IEnumerable<JobFilter> GetFilters(Job? job) =>
        filters.GetFilters(job).Select(filter => IsOfTheApp(filter.Instance)
            ? new JobFilter(new Watched(this, filter.Instance), filter.Scope, filter.Order)
            : filter);

    // Those of this package and of Hangfire may throw what the storage has thrown.
    private static bool IsOfTheApp(object filter) =>
        filter is IElectStateFilter or IApplyStateFilter
        && filter.GetType().Assembly != typeof(WatchedFilters).Assembly
        && filter.GetType().Assembly != typeof(JobStorage).Assembly;

    private bool Record(Exception exception)
    {
        _thrown.TryAdd(exception, this);
        return false;
    }

    private sealed class Watched(WatchedFilters filters, object filter) : IElectStateFilter, IApplyStateFilter
    {
        public void OnStateElection(ElectStateContext context) => Watch(() => (filter as IElectStateFilter)?.OnStateElection(context));

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
            Watch(() => (filter as IApplyStateFilter)?.OnStateApplied(context, transaction));

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
            Watch(() => (filter as IApplyStateFilter)?.OnStateUnapplied(context, transaction));

        private void Watch(Action call)
        {
            try
            {
                call();
            }
            catch (Exception exception) when (filters.Record(exception))
            {
                throw;
            }
        }
    }
}
