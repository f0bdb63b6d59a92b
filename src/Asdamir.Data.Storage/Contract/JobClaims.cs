using Asdamir.Data.Storage.Engine.Claims;

namespace Asdamir.Data.Storage.Contract;

/// <summary>The claims of one server. Each claimed job gets a connection that owns its claim.</summary>
internal sealed class JobClaims : IJobClaims
{
    private readonly OpenStorage _open;
    private readonly ClaimPump _pump;
    private readonly IDisposable _watch;
    private readonly IDisposable _revocations;
    private readonly string _serverId;
    private bool _isDisposed;

    public JobClaims(OpenStorage open, string[] queues, string serverId)
    {
        _open = open;
        _serverId = serverId;
        var engine = open.Engine;
        _pump = engine.Claimers.Open(queues, () => ProcessingTexts.Of(serverId));
        _watch = engine.Database.Watch(queues, _pump.Wake);
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
        _open.Engine.Claimers.Close(_pump);
    }

    private DispatchedJob Open(ClaimedJob job)
    {
        var claim = new WorkerClaim(_open.Engine.Ends, job, _serverId);
        return new DispatchedJob(claim, _open.Connect(claim), _open.Engine.InFlight.RevokedToken(job));
    }
}
