using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Keeps renewing the invisibility of running jobs while the server drains. Hangfire.PostgreSql renews it in a
/// server component, and components stop at once when the app is asked to stop; without this, a job that is allowed
/// to finish would be taken by another worker after the invisibility timeout.
/// </summary>
internal static class DrainKeepAlive
{
    private const string Component = "PostgreSqlHeartbeatProcess";

    public static async Task RunUntilAsync(JobStorage storage, Task drained)
    {
#pragma warning disable CS0618 // Components are obsolete for new storages; Hangfire.PostgreSql still has them.
        if (storage.GetComponents().FirstOrDefault(component => component.GetType().Name == Component) is not { } heartbeat)
#pragma warning restore CS0618
            return;
        using var stop = new CancellationTokenSource();
        var renewing = Detached.Start(() => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                heartbeat.Execute(stop.Token);
        }));
        await drained.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
