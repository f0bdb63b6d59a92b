using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Engine.Claims;

/// <summary>What tests share of jobs with limits.</summary>
public abstract class LimitedQueueTests(Func<Place, SqlJobStorage> open) : QueueOrderTests(open)
{
    private protected const string Queue = "default";

    private readonly List<IDisposable> _open = [];

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _open.ForEach(static one => one.Dispose());
        await base.DisposeAsync();
    }

    private protected static JobLimit Limit(string name, string? key = null) => new(name, key);

    private protected void Declare(params (string Name, int MaxRunning)[] rules) =>
        Storage.DeclareLimits(Queue, [.. rules.Select(static rule => new JobLimitRule(rule.Name, rule.MaxRunning))]);

    private protected string[] CreateAll(int count, string limit) => [.. Enumerable.Range(0, count).Select(_ => Create(Limit(limit)))];

    private protected string Create(params JobLimit[] limits) => Create(Queue, null, limits);

    private protected string Create(int priority, params JobLimit[] limits) => Create(Queue, priority, limits);

    private protected string Create(string queue, int? priority, params JobLimit[] limits)
    {
        using var connection = Storage.GetConnection();
        var id = connection.CreateExpiredJob(
            SampleJobs.Text("x"), ParametersOf(priority, limits), DateTime.UtcNow, TimeSpan.FromDays(1));
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, new EnqueuedState(queue));
        transaction.AddToQueue(queue, id);
        transaction.Commit();
        return id;
    }

    private protected static Dictionary<string, string> ParametersOf(int? priority, JobLimit[] limits)
    {
        Dictionary<string, string> parameters = [];
        if (limits.Length > 0)
            parameters[JobLimits.Parameter] = System.Text.Json.JsonSerializer.Serialize(JobLimits.Of(limits));
        if (priority is { } number)
            parameters[JobPriority.Parameter] = System.Text.Json.JsonSerializer.Serialize(JobPriority.Of(number, Aging));
        return parameters;
    }

    private protected async Task<List<IClaimedJob>> BeginAsync(int count)
    {
        using var claims = Storage.OpenClaims([Queue], Server);
        return [.. (await claims.ClaimAsync(count, Token).WaitAsync(Until.Limit, Token)).Select(Remember)];
    }

    private protected static void End(IClaimedJob job)
    {
        job.RemoveFromQueue();
        job.Dispose();
    }

    private protected void EndAll(string id) => _open.OfType<IClaimedJob>().Where(job => job.JobId == id).ToList().ForEach(End);

    private protected T Remember<T>(T one)
        where T : IDisposable
    {
        _open.Insert(0, one);
        return one;
    }
}
