using System.Diagnostics;
using BenchKit;
using Kit;
using Npgsql;

namespace Fleet;

/// <summary>The processes of all apps, on their own database.</summary>
internal sealed class Apps : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<BenchProcess> _workers = [];
    private readonly List<BenchProcess> _enqueuers = [];
    private readonly BenchServer _server;
    private readonly string _system;
    private readonly NpgsqlConnectionStringBuilder _place;

    private Apps(BenchServer server, string system, NpgsqlConnectionStringBuilder place)
    {
        _server = server;
        _system = system;
        _place = place;
    }

    public string Database => _place.Database!;

    /// <param name="perSecond">How many jobs all of them enqueue; 0 for apps without an enqueuer.</param>
    /// <param name="areTogether">Whether an app is one process.</param>
    public static async Task<Apps> StartAsync(BenchServer server, string system, int count, double perSecond, bool areTogether = false)
    {
        var apps = new Apps(server, system, await server.NewDatabaseAsync());
        var (role, rate) = areTogether ? (AppArguments.Both, perSecond / count) : (AppArguments.Worker, 0);
        // The first one creates the tables.
        await apps.StartWorkerAsync(0, role, rate);
        await Task.WhenAll(Enumerable.Range(1, count - 1).Select(app => apps.StartWorkerAsync(app, role, rate)));
        if (perSecond > 0 && !areTogether)
            await Task.WhenAll(Enumerable.Range(0, count).Select(app => apps.StartEnqueuerAsync(app, perSecond / count)));
        return apps;
    }

    /// <summary>From now on they enqueue.</summary>
    /// <returns>When a job of each of them has begun.</returns>
    public Task BeginAsync()
    {
        (_enqueuers.Count > 0 ? _enqueuers : _workers).ForEach(static enqueuer => enqueuer.Order("begin"));
        return Until.TrueAsync(
            () => Enumerable.Range(0, _workers.Count).All(app => new FileInfo(LedgerOf(app, AppArguments.Worker)).Length > 0),
            "a job of each app has begun");
    }

    public async Task<Costs> CostsAsync() => new(
        Stopwatch.GetTimestamp(), await _server.TransactionsAsync(Database), _server.ProcessorSeconds, Seconds(_workers),
        Seconds(_enqueuers));

    /// <returns>All jobs that began.</returns>
    public IEnumerable<BegunJob> Jobs() => Enumerable.Range(0, _workers.Count).SelectMany(app =>
    {
        var asked = Read(app, AppArguments.Enqueuer).ToDictionary(static line => line[0], static line => line);
        return Read(app, AppArguments.Worker).Where(begun => asked.ContainsKey(begun[0]))
            .Select(begun => new BegunJob(asked[begun[0]][1], asked[begun[0]][2], begun[1]));
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _enqueuers.Concat(_workers))
            await process.DisposeAsync();
        await _server.DropAsync(Database);
        _folder.Dispose();
    }

    private async Task StartWorkerAsync(int app, string role, double perSecond)
    {
        var process = await StartAsync(app, role, perSecond);
        lock (_workers)
            _workers.Add(process);
    }

    private async Task StartEnqueuerAsync(int app, double perSecond)
    {
        var process = await StartAsync(app, AppArguments.Enqueuer, perSecond);
        lock (_enqueuers)
            _enqueuers.Add(process);
    }

    private Task<BenchProcess> StartAsync(int app, string role, double perSecond) =>
        BenchProcess.StartAsync(new AppArguments(role, _system, $"app{app}", PlaceFor(role), _folder.PathOf($"{app}"), perSecond).ToArgs());

    private string PlaceFor(string role) =>
        new NpgsqlConnectionStringBuilder(_place.ToString())
        {
            Username = role == AppArguments.Both ? AppArguments.Worker : role,
        }.ToString();

    private IEnumerable<long[]> Read(int app, string role) =>
        File.ReadLines(LedgerOf(app, role)).Select(static line => Array.ConvertAll(line.Split(' '), long.Parse));

    private string LedgerOf(int app, string role) => AppArguments.LedgerOf(_folder.PathOf($"{app}"), role);

    private static double Seconds(List<BenchProcess> processes) =>
        processes.Sum(static process =>
            process.HasExited ? throw new InvalidOperationException($"A process ended: {process.Log}") : process.CpuTime.TotalSeconds);
}
