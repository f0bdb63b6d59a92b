using System.Collections.Concurrent;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// Hangfire's servers: announced, alive, timed out. Times in the database decide that, and clocks jump: a server that is alive and was
/// removed returns with its next heartbeat. Hangfire would restart it, and cancel all of its jobs.
/// </summary>
internal sealed class Servers(LeaseKeeper leases)
{
    // The servers of this process, with their data.
    private readonly ConcurrentDictionary<string, string> _announced = new(StringComparer.Ordinal);

    public void Announce(ISessions sessions, string id, ServerContext context)
    {
        id = StorableText.Of(id);
        // As the names of queues are stored.
        var queues = Array.ConvertAll(context.Queues ?? [], StorableText.Of);
        var data = new ServerData(context.WorkerCount, queues).Write();
        ServerTable.Put(sessions, id, data, leases.Current());
        _announced[id] = data;
    }

    public void Remove(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        _announced.TryRemove(id, out _);
        ServerTable.Stop(sessions, id);
    }

    /// <exception cref="BackgroundServerGoneException">No such server was announced here; Hangfire announces it again.</exception>
    public void Heartbeat(ISessions sessions, string id)
    {
        id = StorableText.Of(id);
        var lease = leases.Current();
        if (ServerTable.Beat(sessions, id, lease))
            return;
        if (!_announced.TryGetValue(id, out var data))
            throw new BackgroundServerGoneException();
        ServerTable.Put(sessions, id, data, lease);
    }
}
