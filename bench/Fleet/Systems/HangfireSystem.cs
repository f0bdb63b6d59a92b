using Hangfire;
using Hangfire.States;
using StorageComparison;

namespace Fleet.Systems;

/// <summary>Hangfire on Hangfire.PostgreSql, a queue for each app.</summary>
internal sealed class HangfireSystem(AppArguments app) : IJobSystem
{
    private readonly JobStorage _storage = Candidate.Reopen(Candidate.HangfirePostgreSql, app.ConnectionString, Candidate.TheirSchema);
    private BackgroundJobServer? _server;

    public Task StartAsync()
    {
        if (app.IsWorker)
        {
            _server = new BackgroundJobServer(
                new BackgroundJobServerOptions { Queues = [app.App], WorkerCount = JobSystems.Workers }, _storage);
        }
        return Task.CompletedTask;
    }

    public Task EnqueueAsync(int number)
    {
        new BackgroundJobClient(_storage).Create(() => TrivialJob.Run(number), new EnqueuedState(app.App));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
