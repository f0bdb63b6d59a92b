using System.Diagnostics;

namespace Asdamir.Data.Storage.Telemetry;

/// <summary>What one storage reports. Nothing is measured while no listener has enabled the instrument.</summary>
/// <param name="system">The database, as OpenTelemetry names it.</param>
/// <param name="databaseName">The database and the schema, or the file; without a secret.</param>
/// <param name="time">Measures durations.</param>
internal sealed class StorageTelemetry(string system, string databaseName, TimeProvider time) : IDisposable
{
    private Func<long>? _jobsInFlight;
    private Func<long>? _commitsWaiting;
    private long _outageSince;

    public string System => system;

    public string Namespace => databaseName;

    public long JobsInFlight => _jobsInFlight?.Invoke() ?? 0;

    public long CommitsWaiting => _commitsWaiting?.Invoke() ?? 0;

    public TagList Tags() => new() { { "db.system.name", system }, { "db.namespace", databaseName } };

    /// <summary>Begins to report what is going on now, until this is disposed.</summary>
    public void Observe(Func<long> jobsInFlight, Func<long> commitsWaiting)
    {
        _jobsInFlight = jobsInFlight;
        _commitsWaiting = commitsWaiting;
        StorageMeter.Add(this);
    }

    /// <summary>Stops to report.</summary>
    public void Dispose() => StorageMeter.Remove(this);

    /// <summary>Commits, and reports size, duration and failure.</summary>
    public T Commit<T>(int commits, IEnumerable<ActivityContext> callers, Func<T> commit)
    {
        using var span = StorageTrace.StartCommit(this, commits, callers);
        var startedAt = time.GetTimestamp();
        Exception? error = null;
        try
        {
            var result = commit();
            Available(startedAt);
            return result;
        }
        catch (Exception exception)
        {
            error = exception;
            StorageTrace.Fail(span, exception);
            throw;
        }
        finally
        {
            if (StorageMeter.CommitDuration.Enabled)
                StorageMeter.CommitDuration.Record(time.GetElapsedTime(startedAt).TotalSeconds, Tags(error));
            if (StorageMeter.CommitSize.Enabled)
                StorageMeter.CommitSize.Record(commits, Tags(error));
        }
    }

    /// <summary>Claims jobs, and reports their number, the duration and a failure.</summary>
    public IReadOnlyList<T> Claim<T>(Func<IReadOnlyList<T>> claim)
    {
        var startedAt = time.GetTimestamp();
        Exception? error = null;
        try
        {
            var claims = claim();
            Available(startedAt);
            Claimed(claims.Count);
            return claims;
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            if (StorageMeter.ClaimDuration.Enabled)
                StorageMeter.ClaimDuration.Record(time.GetElapsedTime(startedAt).TotalSeconds, Tags(error));
        }
    }

    /// <summary>Jobs were claimed together.</summary>
    public void Claimed(int jobs)
    {
        if (StorageMeter.ClaimSize.Enabled)
            StorageMeter.ClaimSize.Record(jobs, Tags());
    }

    /// <summary>The lease of another process was ended.</summary>
    /// <param name="byLock">Whether its liveness lock was free; otherwise it was not renewed in time.</param>
    public void LeaseEnded(bool byLock)
    {
        if (StorageMeter.LeasesEnded.Enabled)
            StorageMeter.LeasesEnded.Add(1, Tags("asdamir.reason", byLock ? "lock" : "time"));
    }

    public void LeaseLost() => StorageMeter.LeasesLost.Add(1, Tags());

    /// <summary>A commit got no response.</summary>
    /// <param name="isCommitted"><see langword="null"/> when its outcome stays unknown.</param>
    public void ResponseLost(bool? isCommitted)
    {
        if (StorageMeter.ResponsesLost.Enabled)
        {
            StorageMeter.ResponsesLost.Add(
                1, Tags("asdamir.outcome", isCommitted switch { true => "committed", false => "not_committed", null => "unknown" }));
        }
    }

    public void ConnectionLost() => StorageMeter.ConnectionsLost.Add(1, Tags());

    /// <summary>The database could not be used: an outage begins unless there is one.</summary>
    public void Unavailable() => Interlocked.CompareExchange(ref _outageSince, time.GetTimestamp(), 0);

    /// <summary>The database could be used: an outage ends if there is one.</summary>
    /// <param name="startedAt">When the use began: one that began before the outage shows nothing.</param>
    public void Available(long startedAt)
    {
        if (Volatile.Read(ref _outageSince) is var since and not 0
            && startedAt >= since
            && Interlocked.CompareExchange(ref _outageSince, 0, since) == since)
        {
            StorageMeter.OutageDuration.Record(time.GetElapsedTime(since).TotalSeconds, Tags());
        }
    }

    private TagList Tags(Exception? error) => error is null ? Tags() : Tags("error.type", error.GetType().FullName!);

    private TagList Tags(string name, string value)
    {
        var tags = Tags();
        tags.Add(name, value);
        return tags;
    }
}
