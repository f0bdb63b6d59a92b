using Asdamir.Data.Storage.Database;

namespace Asdamir.Data.Storage.Claims;

/// <summary>
/// The claims somebody in this process has in hand. A claim whose answer was lost belongs to the lease of this process
/// without anybody here knowing it, and while the process lives nobody else frees it: so it is looked for.
/// </summary>
internal sealed class InFlightClaims(SqlDatabase database)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClaimToken, ClaimedJob> _held = [];
    private readonly SortedSet<long> _claiming = [];
    private HashSet<ClaimToken> _suspects = [];
    private long _lastClaiming;
    private long _lookedAt;

    /// <summary>Claims, and keeps what came in mind.</summary>
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
                    _held[claimed.Token] = claimed;
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
            return _held.Values.Where(claim => claim.JobId == jobId).MaxBy(static claim => claim.Token.At);
    }

    /// <summary>Nobody has it in hand any more.</summary>
    public void End(ClaimedJob claim)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(claim.Token, out var held) && ReferenceEquals(held, claim))
                _held.Remove(claim.Token);
        }
    }

    /// <summary>
    /// Claims nobody knows of: they were unknown the last time, too, and every claim that was on its way then has arrived.
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
            rows = session.Query("SELECT id, deliveries, claimed_at FROM {s}queue WHERE claimed_by = @lease", static row => new ClaimToken(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), ("@lease", lease));
        lock (_gate)
        {
            var unknown = rows.Where(row => !_held.ContainsKey(row)).ToHashSet();
            var forgotten = unknown.Where(_suspects.Contains).ToList();
            _suspects = unknown;
            isCertain = unknown.Count == forgotten.Count;
            _lookedAt = _lastClaiming;
            return forgotten;
        }
    }
}
