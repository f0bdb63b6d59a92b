using Asdamir.Data.Storage;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// What a background process does when its storage cannot be reached: Hangfire would wait longer after each failure, up to minutes, and
/// so continue long after the end of an outage. The storage itself logs the outage.
/// </summary>
internal static class Outage
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static void Endure(BackgroundProcessContext context, Action work)
    {
        try
        {
            work();
        }
        catch (JobStorageUnavailableException)
        {
            context.Wait(Pause);
        }
    }
}
