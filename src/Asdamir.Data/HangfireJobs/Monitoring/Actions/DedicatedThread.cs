namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>
/// Runs calls that block in Hangfire's storage API. A thread of the pool that waits for one slow database would be missing for all
/// other requests of the process.
/// </summary>
internal static class DedicatedThread
{
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            work, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    public static Task RunAsync(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            work, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
