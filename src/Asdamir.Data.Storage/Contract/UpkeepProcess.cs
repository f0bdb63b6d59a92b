using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Upkeep;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;
using Hangfire.Server;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Deletes what has expired and folds counters, in small batches with pauses, by one process of the schema at a time.
/// Locked rows are skipped, so no other transaction waits for it. A process that finds nothing to do looks less and less often, so in
/// a busy schema one process does it all, and in an idle one none does anything.
/// </summary>
internal sealed class UpkeepProcess(Func<StorageEngine> engine) : IBackgroundProcess
{
    private const string Lock = "upkeep";
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly StorageLog _log = new(typeof(UpkeepProcess));
    private TimeSpan _interval = ShortestInterval;

    public void Execute(BackgroundProcessContext context)
    {
        _interval = TryDo(context.StoppingToken) ? ShortestInterval
            : _interval * 2 < LongestInterval ? _interval * 2
            : LongestInterval;
        context.Wait(_interval);
    }

    /// <returns>Whether there was something to do, and no other process was doing it.</returns>
    public bool TryDo(CancellationToken stop)
    {
        var storage = engine();
        var work = new UpkeepWork(storage.Database);
        if (!work.IsNeeded() || storage.Locks.TryAcquire(Lock) is not { } held)
            return false;
        try
        {
            while (work.DoBatch() is var done and > 0)
            {
                _log.Debug($"{done} expired or folded row(s).");
                if (storage.Database.Time.Wait(Pause, stop))
                    break;
            }
            return true;
        }
        finally
        {
            storage.Locks.Release(held);
        }
    }

    public override string ToString() => "Job storage upkeep";
}
