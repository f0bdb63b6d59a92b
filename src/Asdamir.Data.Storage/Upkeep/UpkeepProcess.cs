using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Database;
using Hangfire.Logging;
using Hangfire.Server;

namespace Asdamir.Data.Storage.Upkeep;

/// <summary>
/// Deletes what has expired and folds counters, in small batches with pauses, by one process of the schema at a time.
/// Locked rows are skipped, so no other transaction waits for it.
/// </summary>
internal sealed class UpkeepProcess(Func<StorageEngine> engine) : IBackgroundProcess
{
    private const string Lock = "upkeep";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ILog _log = LogProvider.GetLogger(typeof(UpkeepProcess));

    public void Execute(BackgroundProcessContext context)
    {
        var storage = engine();
        if (storage.Locks.TryAcquire(Lock) is { } held)
        {
            try
            {
                var work = new UpkeepWork(storage.Database);
                long done;
                do
                {
                    done = work.DoBatch();
                    if (done > 0)
                        _log.Debug($"{done} expired or folded row(s).");
                }
                while (done > 0 && !context.StoppingToken.WaitHandle.WaitOne(Pause));
            }
            finally
            {
                storage.Locks.Release(held);
            }
        }
        context.Wait(Interval);
    }

    public override string ToString() => "Job storage upkeep";
}
