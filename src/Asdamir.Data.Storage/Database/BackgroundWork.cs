using Hangfire.Logging;

namespace Asdamir.Data.Storage.Database;

/// <summary>Keeps the work of a background thread going: what it throws is logged, and never ends the process.</summary>
internal static class BackgroundWork
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the work does; when it throws, it begins again a little later.</summary>
    public static void Keep(Action work, ILog log, string what)
    {
        while (true)
        {
            try
            {
                work();
                return;
            }
            catch (Exception exception)
            {
                Report(log, what, exception);
                Thread.Sleep(Pause);
            }
        }
    }

    private static void Report(ILog log, string what, Exception exception)
    {
        try
        {
            log.ErrorException($"The background work '{what}' of the job storage failed; it begins again in {Pause}.", exception);
        }
        catch (Exception)
        {
            // The logger may be what failed.
        }
    }
}
