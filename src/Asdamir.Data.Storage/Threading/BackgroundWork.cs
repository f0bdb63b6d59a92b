using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Threading;

/// <summary>Restarts the work of a background thread after an exception, which is logged and never ends the process.</summary>
internal static class BackgroundWork
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the work returns; restarts it after a pause when it throws.</summary>
    public static void Keep(Action work, StorageLog log, string what)
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
                TimeProvider.System.Sleep(Pause);
            }
        }
    }

    private static void Report(StorageLog log, string what, Exception exception)
    {
        try
        {
            log.ErrorException($"The background work '{what}' of the job storage failed; it restarts in {Pause}.", exception);
        }
        catch (Exception)
        {
            // The logger itself may have failed.
        }
    }
}
