using System.Diagnostics;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Workers and an enqueuer that are killed at random moments, and the account afterwards.</summary>
internal sealed class CrashRun(IPlace place, PostgresServer? server, ITestOutputHelper output) : IAsyncDisposable
{
    private const int WorkerProcesses = 3;
    private const int ThreadsPerWorker = 8;
    private static readonly Killing[] OfProcesses =
    [
        Killing.Worker, Killing.Enqueuer, Killing.Worker, Killing.WorkerTerminated, Killing.Worker
    ];
    private static readonly Killing[] OfAll =
    [
        Killing.Worker, Killing.Server, Killing.Worker, Killing.Enqueuer, Killing.Worker, Killing.WorkerTerminated, Killing.ServerImmediate
    ];

    private readonly Site _site = new(place, Site.ShortLease);
    private readonly List<StorageProcess> _workers = [];
    private readonly List<Task> _stopping = [];
    private readonly Dictionary<string, Killing> _endings = [];
    private readonly Dictionary<Killing, int> _kills = [];
    private StorageProcess? _enqueuer;
    private int _pause;

    /// <summary>How many kills a job has: few by default, many with ASDAMIR_CRASH_KILLS=200.</summary>
    public static int Kills(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("ASDAMIR_CRASH_KILLS"), out var kills) ? kills : usual;

    public async Task RunAsync(int kills)
    {
        // A long run needs no more jobs than a short one to prove its point.
        _pause = Math.Max(kills, 20) / 2;
        for (var i = 0; i < WorkerProcesses; i++)
            _workers.Add(await _site.StartWorkerAsync(ThreadsPerWorker));
        _enqueuer = await _site.StartEnqueuerAsync(pause: _pause);

        var plan = server is null ? OfProcesses : OfAll;
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(Random.Shared.Next(300, 2_500), TestContext.Current.CancellationToken);
            await KillAsync(plan[i % plan.Length]);
        }
        await _enqueuer.StopAsync();
        await Task.WhenAll(_stopping);

        var clock = Stopwatch.StartNew();
        await Until.TrueAsync(IsDrained, "all jobs have succeeded", Describe);
        var drained = clock.Elapsed;
        await Until.EqualAsync(WorkerProcesses, () => place.Count("{s}lease"), "the number of leases, one for each worker");
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            Assert.Equal(0, worker.ExitCode);
        }
        Report(drained);
        CheckJobs();
        CheckLeftovers();
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task KillAsync(Killing killing)
    {
        _kills[killing] = _kills.GetValueOrDefault(killing) + 1;
        switch (killing)
        {
            case Killing.Worker:
            case Killing.WorkerTerminated:
                var victim = Random.Shared.Next(WorkerProcesses);
                _endings[_workers[victim].Ledger] = killing;
                if (killing == Killing.Worker)
                    await _workers[victim].KillAsync();
                else
                    _stopping.Add(_workers[victim].StopAsync());
                _workers[victim] = await _site.StartWorkerAsync(ThreadsPerWorker);
                break;
            case Killing.Enqueuer:
                await _enqueuer!.KillAsync();
                _enqueuer = await _site.StartEnqueuerAsync(pause: _pause);
                break;
            default:
                await (killing == Killing.Server ? server!.KillAsync() : server!.StopImmediatelyAsync());
                await Task.Delay(Random.Shared.Next(2_000), TestContext.Current.CancellationToken);
                await server.StartAgainAsync();
                break;
        }
    }

    // Jobs without a state were created by a process that was killed before it gave them one: no caller knows their id.
    private bool IsDrained() => place.Count("{s}job WHERE state <> 'Succeeded'") == 0 && place.Count("{s}queue") == 0;

    private void CheckJobs()
    {
        var enqueued = _site.Enqueued;
        using var storage = place.Open();
        using var connection = storage.GetConnection();
        var notSucceeded = enqueued.Where(id => connection.GetStateData(id)?.Name != "Succeeded").ToList();
        Assert.True(
            notSucceeded.Count == 0,
            $"{notSucceeded.Count} of {enqueued.Count} enqueued jobs did not succeed: "
                + $"{string.Join(", ", notSucceeded.Take(10).Select(id => $"{id} {connection.GetStateData(id)?.Name ?? "does not exist"}"))}\n{Describe()}");
        Assert.Distinct(enqueued);
        Assert.Empty(enqueued.Except(_site.Ended.Select(static execution => execution.Id)));
        Assert.All(_site.Begun.Select(static execution => execution.Id).Distinct(), id =>
            Assert.Equal("Succeeded", connection.GetStateData(id)?.Name));
        Assert.Equal(place.Count("{s}job WHERE state = 'Succeeded'"), storage.GetMonitoringApi().GetStatistics().Succeeded);
        Assert.InRange(Doubles().Count, 0, _kills.Values.Sum() * WorkerProcesses * ThreadsPerWorker);
    }

    // An attempt that began twice, by how the process ended that began it first: one that was not killed lost the database.
    private List<Killing> Doubles() =>
    [
        .. _site.Begun.GroupBy(static execution => (execution.Id, execution.Attempt))
            .SelectMany(attempts => attempts.SkipLast(1).Select(first => _endings.GetValueOrDefault(first.Ledger, Killing.Server))),
    ];

    private void Report(TimeSpan drained)
    {
        var doubles = Doubles().CountBy(static killing => killing).ToDictionary();
        output.WriteLine(
            $"{_site.Enqueued.Count} enqueued, {_site.Begun.Count} executions, drained {drained.TotalSeconds:F1} s after the last enqueue");
        foreach (var (killing, kills) in _kills)
            output.WriteLine($"{kills,4} x {killing}: {doubles.GetValueOrDefault(killing)} executed twice");
        output.WriteLine(
            $"enqueue calls that failed: {string.Join(", ", _site.Refused.Select(static refused => $"{refused.Value} {refused.Key}"))}");
    }

    private void CheckLeftovers()
    {
        Assert.Equal(0, place.Count("{s}lease"));
        Assert.Equal(0, place.Count("{s}lock"));
        Assert.Equal(0, place.Count("{s}queue"));
        Assert.Equal(0, place.Count("{s}set_item WHERE key IN ('schedule', 'retries', 'awaiting')"));
        // The rows of closed commit connections are kept for an hour, for processes that still ask for the outcome of a commit.
        if (server is not null)
            Assert.Equal(0, place.Count("{s}lane WHERE closed_at IS NULL"));
    }

    private string Describe() =>
        $"{string.Join(", ", place.States().Select(static state => $"{state.Value} {state.Key}"))}; queue: "
        + string.Join(
            ", ",
            place.Query(
                "SELECT 'job ' || job_id || ' claimed by ' || coalesce(CAST(claimed_by AS text), 'none'), "
                    + "deliveries FROM {s}queue ORDER BY id LIMIT 10")
                .Select(static row => $"{row.Text} after {row.Number} deliveries"))
        + "\n"
        + string.Join(
            '\n',
            place.Query(
                "SELECT 'job ' || job_id || ' ' || name || ' ' || coalesce(reason, '') || ' ' || data, created_at FROM {s}state WHERE "
                    + "job_id IN (SELECT id FROM {s}job WHERE state <> 'Succeeded' ORDER BY id LIMIT 3) ORDER BY job_id, id")
                .Select(static row => row.Text))
        + $"\n{_site.Logs}";
}
