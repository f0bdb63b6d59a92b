namespace Fleet.Systems;

/// <summary>A job system as one app uses it, in a process that works or enqueues.</summary>
internal interface IJobSystem : IAsyncDisposable
{
    Task StartAsync();

    /// <summary>Enqueues a <see cref="TrivialJob"/> by the system's usual call, and returns when it is committed.</summary>
    Task EnqueueAsync(int number);
}
