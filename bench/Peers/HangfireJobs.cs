using Hangfire;
using Hangfire.States;
using StorageComparison;

namespace Peers;

/// <summary>Unmodified Hangfire on a storage.</summary>
internal sealed class HangfireJobs(Func<(JobStorage Storage, string Place)> openEmpty, Func<JobStorage> open) : IPeerJobs
{
    private JobStorage? _storage;
    private BackgroundJobServer? _listener;

    public Task<string> EmptyAsync()
    {
        Close();
        (_storage, var place) = openEmpty();
        // Creates the tables.
        _storage.GetMonitoringApi().GetStatistics();
        return Task.FromResult(place);
    }

    public Task<double> EnqueueOneByOneAsync(int jobs) => Task.FromResult(Measurements.EnqueueOneByOne(_storage!, jobs));

    public Task<double> EnqueueManyAsync(int jobs) => Task.FromResult(Measurements.EnqueueMany(_storage!, jobs));

    public Task<(double PerSecond, int Jobs)> WorkOffAsync(int jobs, int workers, TimeSpan limit) =>
        Task.FromResult(Measurements.WorkOff(_storage!, jobs, workers, limit));

    public Task ListenAsync(int workers)
    {
        _storage ??= open();
        _listener = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = workers, SchedulePollingInterval = TimeSpan.FromSeconds(5) }, _storage);
        return Task.CompletedTask;
    }

    public Task AskAsync(long asked)
    {
        new BackgroundJobClient(_storage!).Create(() => Pickup.Run(asked), new EnqueuedState());
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        _listener?.Dispose();
        _listener = null;
        (_storage as IDisposable)?.Dispose();
        _storage = null;
    }
}
