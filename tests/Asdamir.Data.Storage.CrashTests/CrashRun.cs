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

        var account = new Account(_site);
        var clock = Stopwatch.StartNew();
        await account.UntilDrainedAsync();
        var drained = clock.Elapsed;
        await Until.EqualAsync(WorkerProcesses, () => place.Count("{s}lease"), "the number of leases, one for each worker");
        foreach (var worker in _workers)
        {
            await worker.StopAsync();
            Assert.Equal(0, worker.ExitCode);
        }
        Report(drained);
        account.CheckJobs();
        Assert.InRange(Doubles().Count, 0, _kills.Values.Sum() * WorkerProcesses * ThreadsPerWorker);
        account.CheckLeftovers(hasCommitConnections: server is not null);
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
}
