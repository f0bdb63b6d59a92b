using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Claims;

namespace Asdamir.Data.Storage.Contract;

/// <summary>The claims of one server. Each claimed job gets a connection that owns its claim.</summary>
internal sealed class JobClaims : IJobClaims
{
    private readonly StorageEngine _engine;
    private readonly ClaimPump _pump;
    private readonly IDisposable _watch;
    private readonly IDisposable _revocations;
    private readonly string _serverId;
    private bool _isDisposed;

    public JobClaims(StorageEngine engine, ClaimPump pump, string serverId)
    {
        _engine = engine;
        _pump = pump;
        _serverId = serverId;
        _watch = engine.Database.Watch(pump.Queues, pump.Wake);
        _revocations = engine.Database.WatchRevocations(engine.InFlight.Revoke);
    }

    public async Task<IReadOnlyList<IClaimedJob>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        var claims = await _pump.ClaimAsync(count, cancellationToken).ConfigureAwait(false);
        return [.. claims.Select(Open)];
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _watch.Dispose();
        _revocations.Dispose();
        _engine.Close(_pump);
    }

    private DispatchedJob Open(ClaimedJob claim)
    {
        var fetched = new FetchedJob(_engine, claim, _serverId);
        return new DispatchedJob(fetched, StorageConnection.Of(_engine, fetched), _engine.InFlight.RevokedToken(claim));
    }
}
