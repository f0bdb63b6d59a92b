namespace Peers;

/// <summary>What a peer is asked to do, in a process of its own.</summary>
internal interface IPeerJobs : IAsyncDisposable
{
    /// <summary>Begins anew on empty tables.</summary>
    /// <returns>Where a second process finds them.</returns>
    Task<string> EmptyAsync();

    /// <returns>Jobs per second that eight at a time enqueue one by one.</returns>
    Task<double> EnqueueOneByOneAsync(int jobs);

    /// <returns>Jobs per second that one call enqueues.</returns>
    Task<double> EnqueueManyAsync(int jobs);

    /// <returns>Jobs per second of those that wait, and how many were done before the limit.</returns>
    Task<(double PerSecond, int Jobs)> WorkOffAsync(int jobs, int workers, TimeSpan limit);

    /// <summary>
    /// Starts workers on the tables that are there; each job they are asked for prints a line, see <see cref="StorageComparison.Pickup"/>.
    /// </summary>
    Task ListenAsync(int workers);

    /// <summary>Enqueues a job that prints how long ago it was asked for.</summary>
    Task AskAsync(long asked);
}
