using System.Diagnostics;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// How many jobs a server may execute, and how many ends may be on their way into the storage: a slot is free as soon as the end of its
/// job is handed over, so that jobs need not wait for commits, and a storage that falls behind is given no more than it can keep up with.
/// </summary>
internal sealed class JobSlots(int concurrency) : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    private readonly int _mostEnds = concurrency * 2;
    private readonly SemaphoreSlim _free = new(concurrency);
    private readonly SemaphoreSlim _ends = new(concurrency * 2);

    /// <summary>
    /// Waits for a free slot, and takes all that are free. While many jobs wait, it waits a moment longer until half of the slots
    /// are free: one claim for ten short jobs costs hardly more than one for a single job.
    /// </summary>
    /// <param name="manyWait">Whether more jobs wait than can be executed now.</param>
    /// <param name="cancellationToken">Ends the wait; then none is taken.</param>
    /// <returns>How many were taken.</returns>
    public async Task<int> TakeAsync(bool manyWait, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        var taken = 1;
        while (_free.Wait(0, CancellationToken.None))
            taken++;
        var since = Stopwatch.GetTimestamp();
        while (manyWait && taken * 2 < concurrency && Moment - Stopwatch.GetElapsedTime(since) is var left && left > TimeSpan.Zero
            && await _free.WaitAsync(left, CancellationToken.None).ConfigureAwait(false))
        {
            taken++;
        }
        return taken;
    }

    public void Release(int slots)
    {
        if (slots > 0)
            _free.Release(slots);
    }

    /// <summary>Waits until one more end may be on its way.</summary>
    public Task BeginEndAsync() => _ends.WaitAsync(CancellationToken.None);

    public void EndEnd() => _ends.Release();

    /// <summary>Waits until no job is executed and no end is on its way. No slot may be taken any more.</summary>
    public async Task AllFreeAsync()
    {
        for (var i = 0; i < concurrency; i++)
            await _free.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        for (var i = 0; i < _mostEnds; i++)
            await _ends.WaitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _free.Dispose();
        _ends.Dispose();
    }
}
