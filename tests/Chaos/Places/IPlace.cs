using Asdamir.Data.Storage;
using Kit;

namespace Chaos.Places;

/// <summary>Where the company keeps its jobs.</summary>
internal interface IPlace : IAsyncDisposable
{
    /// <summary><see langword="null"/> where no server can be killed.</summary>
    PostgresServer? Server { get; }

    /// <summary><see langword="null"/> where no server has a standby.</summary>
    IFailover? Failover { get; }

    /// <summary><see langword="null"/> where no disk can be mounted.</summary>
    SmallDisk? Disk { get; }

    Task StartAsync();

    /// <summary>A way to the database that can be cut; <see langword="null"/> where there is none.</summary>
    FaultProxy? NewProxy();

    /// <summary>What an app needs to know, through a proxy or directly.</summary>
    IEnumerable<string> Settings(FaultProxy? proxy);

    /// <summary>How many jobs are stored without a state.</summary>
    Task<long> CountWithoutStateAsync();

    /// <summary>The jobs that have ended in transactions, once for each of these.</summary>
    Task<IReadOnlyList<string>> ReadEffectsAsync();

    /// <summary>Looks at the same jobs, past all proxies.</summary>
    SqlJobStorage Open();
}
