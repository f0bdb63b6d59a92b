using Asdamir.Data.Storage.Database;

namespace Asdamir.Data.Storage.Claims;

/// <summary>
/// The claims that this process holds. A claim whose response was lost belongs to the lease of this process
/// without a holder, and no other process releases it while the lease lives; so it is searched for.
/// </summary>
internal sealed class InFlightClaims(SqlDatabase database)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClaimToken, ClaimedJob> _claims = [];
    private readonly SortedSet<long> _claiming = [];
    private HashSet<ClaimToken> _suspects = [];
    private long _lastClaiming;
    private long _lookedAt;

    /// <summary>Claims jobs and remembers the claims.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _claims.Count;
        }
    }

    public IReadOnlyList<ClaimedJob> Take(Func<IReadOnlyList<ClaimedJob>> claim)
    {
        long number;
        lock (_gate)
            _claiming.Add(number = ++_lastClaiming);
        try
        {
            var claims = claim();
            lock (_gate)
            {
                foreach (var claimed in claims)
                    _claims[claimed.Token] = claimed;
            }
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
            return _claims.Values.Where(claim => claim.JobId == jobId).MaxBy(static claim => claim.Token.At);
    }

    /// <summary>Removes a claim that is no longer held.</summary>
    public void End(ClaimedJob claim)
    {
        lock (_gate)
        {
            if (_claims.TryGetValue(claim.Token, out var known) && ReferenceEquals(known, claim))
                _claims.Remove(claim.Token);
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
        List<ClaimToken> rows;
        using (var session = database.Read())
        {
            rows = session.Query(
                "SELECT id, deliveries, claimed_at FROM {s}queue WHERE claimed_by = @lease",
                static row => new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ("@lease", lease));
        }
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
}
