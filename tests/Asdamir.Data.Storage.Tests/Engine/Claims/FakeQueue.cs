using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

/// <summary>A queue with claims in memory, for a <see cref="ClaimPump"/>. It can fail, and stop in the middle of a claim.</summary>
internal sealed class FakeQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _waiting = new();
    private readonly Dictionary<ClaimToken, long> _claimed = [];
    private readonly StandingClaims _standing = new();
    private readonly InFlightClaims _inFlight = new(null!);
    private long _lastJob;
    private long _lastToken;

    public bool IsDown { get; set; }

    /// <summary>Where a claim waits before its jobs reach the caller.</summary>
    public ManualResetEventSlim Passes { get; } = new(true);

    public int Looks { get; private set; }

    public int Failures { get; private set; }

    public int Added => (int)Interlocked.Read(ref _lastJob);

    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public IReadOnlyCollection<ClaimToken> Claimed
    {
        get
        {
            lock (_gate)
                return [.. _claimed.Keys];
        }
    }

    public void Add(int jobs)
    {
        lock (_gate)
        {
            for (var i = 0; i < jobs; i++)
                _waiting.Enqueue(++_lastJob);
        }
    }

    /// <summary>Adds jobs by a commit of the same process, with the claim that was left for it.</summary>
    /// <returns>Whether jobs are left that have to be announced.</returns>
    public bool Commit(int jobs)
    {
        if (_standing.Begin(["default"]) is not { } standing)
        {
            Add(jobs);
            return true;
        }
        var hasMore = false;
        try
        {
            standing.Make(request =>
            {
                lock (_gate)
                {
                    if (IsDown)
                        throw new JobStorageUnavailableException("The database is down.");
                    Add(jobs);
                    var claims = Take(request.Count);
                    hasMore = claims.Count == request.Count;
                    return claims;
                }
            });
        }
        catch (JobStorageUnavailableException)
        {
            // Nothing was added.
        }
        return hasMore;
    }

    /// <summary>Leaves a claim for the next commit.</summary>
    public StandingClaim Stand(int count)
    {
        var claim = new StandingClaim(["default"], () => new ClaimRequest(["default"], count, State: null), _inFlight.Take);
        _standing.Add(claim);
        return claim;
    }

    public IReadOnlyList<ClaimedJob> Claim(int count)
    {
        IReadOnlyList<ClaimedJob> claims;
        lock (_gate)
        {
            Looks++;
            if (IsDown)
                throw new JobStorageUnavailableException("The database is down.");
            claims = Take(count);
        }
        Passes.Wait();
        return claims;
    }

    public void GiveBack(IReadOnlyList<ClaimedJob> claims)
    {
        lock (_gate)
        {
            foreach (var claim in claims)
            {
                if (_claimed.Remove(claim.Token, out var job))
                    _waiting.Enqueue(job);
            }
        }
    }

    /// <summary>A lease ends: all its claims go back.</summary>
    public void LoseClaims()
    {
        lock (_gate)
        {
            foreach (var job in _claimed.Values)
                _waiting.Enqueue(job);
            _claimed.Clear();
        }
    }

    public void Fail()
    {
        lock (_gate)
            Failures++;
    }

    private List<ClaimedJob> Take(int count)
    {
        List<ClaimedJob> claims = [];
        while (claims.Count < count && _waiting.TryDequeue(out var job))
        {
            var token = new ClaimToken(++_lastToken, 1, 0);
            _claimed.Add(token, job);
            claims.Add(new ClaimedJob(token, LeaseId: 1, job, "default", Row: null, AskedAt: 0));
        }
        return claims;
    }
}
