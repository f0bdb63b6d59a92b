namespace Asdamir.Data.Storage.CrashTests;

/// <summary>What is killed, and how.</summary>
internal enum Killing
{
    /// <summary>kill -9 of a worker process.</summary>
    Worker,

    /// <summary>SIGTERM of a worker process.</summary>
    WorkerTerminated,

    /// <summary>kill -9 of the enqueuing process.</summary>
    Enqueuer,

    /// <summary>kill -9 of the database server and all its processes.</summary>
    Server,

    /// <summary>Immediate shutdown of the database server.</summary>
    ServerImmediate,
}
