namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>What the servers of this process would claim with a commit.</summary>
internal sealed class StandingClaims
{
    private readonly Lock _gate = new();
    private readonly List<StandingClaim> _claims = [];

    public void Add(StandingClaim claim)
    {
        lock (_gate)
        {
            _claims.RemoveAll(static other => !other.IsWaiting);
            _claims.Add(claim);
        }
    }

    /// <summary>Begins one of them, for a commit that adds jobs to these queues.</summary>
    public StandingClaim? Begin(IEnumerable<string> enqueued)
    {
        lock (_gate)
            return _claims.Find(claim => claim.TryBegin(enqueued));
    }
}
