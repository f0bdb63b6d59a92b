using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>
/// The claims that this process holds. A claim whose response was lost belongs to the lease of this process
/// without a holder, and no other process releases it while the lease lives; so it is searched for.
/// </summary>
internal sealed class InFlightClaims(SqlDatabase database)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClaimToken, ClaimedJob> _claims = [];
    private readonly Dictionary<long, List<ClaimedJob>> _claimsOfJobs = [];
    private readonly Dictionary<ClaimedJob, CancellationTokenSource> _revocable = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<long> _claiming = [];
    private HashSet<ClaimToken> _suspects = [];
    private long _lastClaiming;
    private long _lookedAt;

    public int Count
    {
        get
        {
            lock (_gate)
                return _claims.Count;
        }
    }

    /// <summary>
    /// Claims jobs and remembers the claims. A row that this process has already was free again because a crash of the database undid the
    /// earlier claim, so that one is revoked. Another row of the same job says nothing of it.
    /// </summary>
    public IReadOnlyList<ClaimedJob> Take(Func<IReadOnlyList<ClaimedJob>> claim)
    {
        long number;
        List<CancellationTokenSource> undone = [];
        lock (_gate)
            _claiming.Add(number = ++_lastClaiming);
        try
        {
            var claims = claim();
            lock (_gate)
            {
                foreach (var claimed in claims)
                {
                    undone.AddRange(EarlierThan(claimed).Select(_revocable.GetValueOrDefault).OfType<CancellationTokenSource>());
                    Add(claimed);
                }
            }
            Cancel(undone);
            return claims;
        }
        finally
        {
            lock (_gate)
                _claiming.Remove(number);
        }
    }

    /// <summary>The latest claim of a job that this process has.</summary>
    public ClaimedJob? ClaimOf(long jobId)
    {
        lock (_gate)
            return _claimsOfJobs.GetValueOrDefault(jobId)?.MaxBy(static claim => claim.Token.At);
    }

    /// <summary>Cancelled when the claim is revoked before it ends.</summary>
    public CancellationToken RevokedToken(ClaimedJob claim)
    {
        lock (_gate)
        {
            if (!IsHeld(claim))
                return CancellationToken.None;
            if (_claimsOfJobs[claim.JobId].Exists(other => IsLater(other, claim)))
                return new CancellationToken(canceled: true);
            if (!_revocable.TryGetValue(claim, out var source))
                _revocable.Add(claim, source = new CancellationTokenSource());
            return source.Token;
        }
    }

    /// <summary>Other writers have moved jobs that are in execution.</summary>
    public void Revoke(IEnumerable<Revocation> revocations)
    {
        var versions = revocations.ToLookup(static one => one.JobId, static one => one.Version);
        if (versions.Count > 0)
            Revoke(claim => claim.Row is { } row && versions[claim.JobId].Any(version => row.Version < version));
    }

    /// <summary>The lease has ended, so its claims belong to other processes.</summary>
    public void Revoke(long lease) => Revoke(claim => claim.LeaseId == lease);

    /// <summary>Removes a claim that is no longer held.</summary>
    public void End(ClaimedJob claim)
    {
        lock (_gate)
        {
            _revocable.Remove(claim);
            if (IsHeld(claim))
                Remove(claim);
        }
    }

    /// <summary>
    /// Claims without a holder: they were unknown at the previous check, too, and every claim in flight at that time has arrived.
    /// </summary>
    /// <param name="lease">The lease of this process.</param>
    /// <param name="isCertain">Whether there is none that might turn out to be forgotten the next time.</param>
    public IReadOnlyList<ClaimToken> FindForgotten(long lease, out bool isCertain)
    {
        lock (_gate)
        {
            isCertain = false;
            if (_claiming.Count > 0 && _claiming.Min <= _lookedAt)
                return [];
        }
        var rows = QueueTable.ClaimsOf(database, lease);
        lock (_gate)
        {
            var unknown = rows.Where(row => !_claims.ContainsKey(row)).ToHashSet();
            var forgotten = unknown.Where(_suspects.Contains).ToList();
            _suspects = unknown;
            isCertain = unknown.Count == forgotten.Count;
            _lookedAt = _lastClaiming;
            return forgotten;
        }
    }

    // Requires the gate.
    private IEnumerable<ClaimedJob> EarlierThan(ClaimedJob claim) =>
        _claimsOfJobs.GetValueOrDefault(claim.JobId, []).Where(other => other.Token.Id == claim.Token.Id);

    private static bool IsLater(ClaimedJob claim, ClaimedJob other) =>
        claim.Token.Id == other.Token.Id && claim.Token.At > other.Token.At;

    // Requires the gate.
    private void Add(ClaimedJob claim)
    {
        if (_claims.TryGetValue(claim.Token, out var known))
            Remove(known);
        _claims.Add(claim.Token, claim);
        if (!_claimsOfJobs.TryGetValue(claim.JobId, out var claims))
            _claimsOfJobs.Add(claim.JobId, claims = []);
        claims.Add(claim);
    }

    // Requires the gate.
    private void Remove(ClaimedJob claim)
    {
        _claims.Remove(claim.Token);
        var claims = _claimsOfJobs[claim.JobId];
        claims.Remove(claim);
        if (claims.Count == 0)
            _claimsOfJobs.Remove(claim.JobId);
    }

    // Requires the gate.
    private bool IsHeld(ClaimedJob claim) => _claims.TryGetValue(claim.Token, out var known) && ReferenceEquals(known, claim);

    private void Revoke(Func<ClaimedJob, bool> isRevoked)
    {
        List<CancellationTokenSource> revoked;
        lock (_gate)
            revoked = [.. _revocable.Where(entry => isRevoked(entry.Key)).Select(static entry => entry.Value)];
        Cancel(revoked);
    }

    // On threads of the pool: what is cancelled executes the jobs' own callbacks.
    private static void Cancel(IEnumerable<CancellationTokenSource> sources)
    {
        foreach (var source in sources)
            _ = Detached.Start(() => Task.Run(source.Cancel));
    }
}
