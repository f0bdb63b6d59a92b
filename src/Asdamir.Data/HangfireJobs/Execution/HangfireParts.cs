using System.Reflection;
using Hangfire;
using Hangfire.Logging;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Objects that only Hangfire's worker can create, because their constructors are not public. A test verifies that the referenced version
/// has them; with a version that has not, Hangfire's workers execute the jobs.
/// </summary>
internal static class HangfireParts
{
    private static readonly Type? Profiler = Find("Hangfire.Profiling.IProfiler");
    private static readonly ConstructorInvoker? Processing = ConstructorOf(typeof(ProcessingState), typeof(string), typeof(string));
    private static readonly ConstructorInvoker? SlowLog = ConstructorOf(Find("Hangfire.Profiling.SlowLogProfiler"), typeof(ILog));
    private static readonly ConstructorInvoker? Perform = ConstructorOf(
        typeof(PerformContext), typeof(JobStorage), typeof(IStorageConnection), typeof(BackgroundJob), typeof(IJobCancellationToken),
        Profiler, typeof(string), typeof(IDictionary<string, object>));
    private static readonly ConstructorInvoker? Change = ConstructorOf(
        typeof(StateChangeContext), typeof(JobStorage), typeof(IStorageConnection), typeof(JobStorageTransaction), typeof(string),
        typeof(IState), typeof(IEnumerable<string>), typeof(bool), typeof(IFetchedJob), typeof(CancellationToken), Profiler, typeof(string),
        typeof(IReadOnlyDictionary<string, object>));
    private static readonly MethodInvoker? Performer =
        typeof(PerformContext).GetProperty(nameof(PerformContext.Performer))?.GetSetMethod(nonPublic: true) is { } setter
            ? MethodInvoker.Create(setter)
            : null;

    // As Hangfire's worker does, it warns of filters that take minutes.
    private static readonly object? SlowFilters = SlowLog?.Invoke(LogProvider.GetLogger(typeof(Worker)));

    /// <summary>Whether this version of Hangfire has all of them.</summary>
    public static bool AreKnown { get; } = Processing is not null && Perform is not null && Change is not null && SlowFilters is not null;

    /// <summary>The state of a job that a worker of a server executes.</summary>
    public static ProcessingState NewProcessingState(string serverId, string workerId) =>
        (ProcessingState)Processing!.Invoke(serverId, workerId);

    /// <summary>What the filters of a job are given while it is executed.</summary>
    public static PerformContext NewPerformContext(
        JobStorage storage, IStorageConnection connection, BackgroundJob job, IJobCancellationToken token, string serverId) =>
        (PerformContext)Perform!.Invoke([storage, connection, job, token, SlowFilters, serverId, null]);

    /// <summary>A change of state with all that a worker knows of it. Its caller commits the transaction.</summary>
    public static StateChangeContext NewStateChangeContext(
        JobStorage storage, IStorageConnection connection, JobStorageTransaction transaction, string jobId, string serverId,
        StateChange change) =>
        (StateChangeContext)Change!.Invoke([
            storage, connection, transaction, jobId, change.State, change.ExpectedStates, change.IsWithoutFilters, change.Completed,
            CancellationToken.None, SlowFilters, serverId, change.CustomData,
        ]);

    /// <summary>Tells the filters of a job who executes it, as long as it is executed.</summary>
    public static void SetPerformer(PerformContext context, IBackgroundJobPerformer? performer) => Performer?.Invoke(context, performer);

    private static Type? Find(string name) => typeof(Worker).Assembly.GetType(name);

    private static ConstructorInvoker? ConstructorOf(Type? type, params Type?[] parameters) =>
        type is not null && !parameters.Contains(null)
            && type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, parameters!) is { } found
            ? ConstructorInvoker.Create(found)
            : null;
}
