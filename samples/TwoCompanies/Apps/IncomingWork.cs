using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Apps;

/// <summary>Simulates the app's customers: enqueues work every second.</summary>
public sealed class IncomingWork(IApp app, IHangfireJobService jobs, TimeProvider time, ILogger<IncomingWork> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        app.Schedule(jobs);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                app.Receive(jobs, time.GetUtcNow().ToUnixTimeSeconds());
            }
            catch (Exception exception)
            {
                log.LogWarning(exception, "Work could not be enqueued");
            }
        }
    }
}
