using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>The claims of one server. Each claimed job gets a connection that owns its claim.</summary>
internal sealed class JobClaims : IJobClaims
{
    private const int JobsOfARead = 1_000;

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
        _pump = engine.Claimers.Open(queues, () => HangfireStates.Processing(serverId, engine.Database.Time));
        _watch = engine.Database.WatchQueues(queues, _pump.Wake);
        _revocations = engine.Database.WatchRevocations(engine.InFlight.Revoke);
    }

    public async Task<IReadOnlyList<IClaimedJob>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        var claims = await _pump.ClaimAsync(count, cancellationToken).ConfigureAwait(false);
        return [.. claims.Select(Open)];
    }

    public IReadOnlyList<IClaimedJob> FindMoved(IReadOnlyCollection<IClaimedJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return [.. jobs.Chunk(JobsOfARead).SelectMany(FindMoved)];
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _watch.Dispose();
        _revocations.Dispose();
        _open.Engine.Claimers.Close(_pump);
    }

    private IEnumerable<IClaimedJob> FindMoved(IClaimedJob[] jobs)
    {
        var processing = JobTable.Processing(
            _open.Engine.Database, Array.ConvertAll(jobs, static job => JobIds.TryParse(job.JobId, out var id) ? id : 0))
            .ToDictionary(static state => JobIds.Format(state.Key), static state => state.Value.Data);
        return jobs.Where(job => !processing.TryGetValue(job.JobId, out var data)
            || data.GetValueOrDefault(nameof(ProcessingState.ServerId)) != job.ServerId
            || data.GetValueOrDefault(nameof(ProcessingState.WorkerId)) != job.WorkerId);
    }

    private DispatchedJob Open(ClaimedJob job)
    {
        var claim = new WorkerClaim(_open.Engine.Ends, job, _serverId);
        return new DispatchedJob(claim, _open.Connect(claim), _open.Engine.InFlight.RevokedToken(job));
    }
}
