namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>Ids of new jobs, from blocks that are reserved in the database, so that most jobs cost no round trip.</summary>
/// <param name="reserve">Reserves consecutive ids; returns the first one and their number.</param>
internal sealed class IdBlocks(Func<(long First, int Count)> reserve)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _reservation;
    private long _next;
    private long _end;

    public long Next()
    {
        while (true)
        {
            if (TryNext(out var id, out var reservation, out var isMine))
                return id;
            if (isMine)
                Reserve(reservation);
            reservation.Task.GetAwaiter().GetResult();
        }
    }

    /// <summary>The same for many ids. While a block is reserved, no thread of the caller waits.</summary>
    public async Task<Queue<long>> NextAsync(int count, CancellationToken cancellationToken)
    {
        Queue<long> ids = new(count);
        while (ids.Count < count)
        {
            if (TryNext(out var id, out var reservation, out var isMine))
            {
                ids.Enqueue(id);
                continue;
            }
            // On a dedicated thread: all pool threads may be callers like this one.
            if (isMine)
            {
                _ = Detached.Start(() => Task.Factory.StartNew(
                    () => Reserve(reservation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
            await reservation.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        return ids;
    }

    /// <param name="id">The next id.</param>
    /// <param name="reservation">What to wait for when there is none.</param>
    /// <param name="isMine">Whether the caller has to reserve the block that all wait for.</param>
    private bool TryNext(out long id, out TaskCompletionSource reservation, out bool isMine)
    {
        lock (_gate)
        {
            isMine = false;
            reservation = _reservation!;
            if (_next < _end)
            {
                id = _next++;
                return true;
            }
            id = 0;
            if (_reservation is null)
            {
                isMine = true;
                reservation = _reservation = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            return false;
        }
    }

    private void Reserve(TaskCompletionSource reservation)
    {
        try
        {
            var (first, count) = reserve();
            lock (_gate)
            {
                _next = first;
                _end = first + count;
                _reservation = null;
            }
            reservation.SetResult();
        }
        catch (Exception exception)
        {
            lock (_gate)
                _reservation = null;
            reservation.SetException(exception);
        }
    }
}
