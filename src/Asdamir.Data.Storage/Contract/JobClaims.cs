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
        _pump = engine.Claimers.Open(queues, () => ProcessingTexts.Of(serverId, engine.Database.Time));
        _watch = engine.Database.Watch(queues, _pump.Wake);
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
        var database = _open.Engine.Database;
        using var session = database.Read();
        var processing = session.Query(
            $"SELECT j.id, {CurrentState.Columns} FROM {{s}}job AS j WHERE j.state = '{ProcessingState.StateName}' AND "
                + database.AnyOf("j.id", "@ids"),
            static row => (Id: JobIds.Format(row.GetInt64(0)), CurrentState.Read(row, 1).Data),
            ("@ids", jobs.Select(static job => JobIds.TryParse(job.JobId, out var id) ? id : 0).ToArray()))
            .ToDictionary(static row => row.Id, static row => row.Data);
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
