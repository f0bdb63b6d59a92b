using System.Diagnostics;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using BenchKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Kit;

namespace IsolationUnderLoad;

/// <summary>B's jobs, one after the other in every phase of A's life.</summary>
internal sealed class Measurement : IAsyncDisposable
{
    private const int Delayed = 50_000;
    private static readonly TimeSpan DelayOfB = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(15);

    private readonly PostgresServer _server = new();
    private readonly string _ledger = Path.GetTempFileName();
    private readonly Setting _setting;
    private IHost _clientOfA = null!;
    private IHost _clientOfB = null!;
    private AppProcess _a = null!;
    private AppProcess _b = null!;
    private Task _keepingA = Task.CompletedTask;
    private volatile bool _aIsDown;

    private Measurement(Setting setting) => _setting = setting;

    public static async Task<Measurement> StartAsync(Setting setting)
    {
        var measurement = new Measurement(setting);
        await measurement._server.StartAsync();
        measurement._clientOfA = App.Build(measurement.Options("a", workers: 0));
        measurement._clientOfB = App.Build(measurement.Options("b", workers: 0));
        measurement._b = await AppProcess.StartAsync("app", niceness: 0, measurement.Options("b", workers: 10));
        measurement._a = await measurement.StartAAsync();
        measurement._keepingA = measurement.KeepAAsync();
        return measurement;
    }

    public async Task RunAsync()
    {
        await PickUpAsync("warm-up", Phase / 2);
        await PickUpAsync("quiet", Phase);

        var a = _clientOfA.Services.GetRequiredService<IHangfireJobService>();
        var due = DateTimeOffset.UtcNow.AddSeconds(30);
        Parallel.For(0, Delayed, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ => a.Schedule<Surge, Load>(new Load(LoadKind.Trivial), due));
        a.EnqueueMany<Surge, Load>(Enumerable.Repeat(new Load(LoadKind.Failing), 500));
        // One less than the smallest setting has workers.
        a.Enqueue<Surge, Load>(new Load(LoadKind.Hanging));
        a.EnqueueMany<Surge, Load>(Enumerable.Repeat(new Load(LoadKind.Crashing), 3));
        await using (var enqueuing = await AppProcess.StartAsync("enqueue", _setting.Niceness, Options("a", workers: 0)))
        {
            await PickUpAsync("100,000 waiting, failing, hanging, crashing", Phase);
            await enqueuing.EndAsync();
        }
        var left = due - DateTimeOffset.UtcNow;
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
        await PickUpAsync("50,000 delayed ones due at once", Phase);

        _aIsDown = true;
        await _a.KillAsync();
        await _keepingA;
        Backlog.EnqueueWaiting(a);
        await PickUpAsync("A's server killed, 100,000 waiting", Phase * 2);

        _a = await StartAAsync();
        _aIsDown = false;
        _keepingA = KeepAAsync();
        using (var storage = new PostgreSqlJobStorage(_server.ConnectionString))
        {
            while (storage.GetMonitoringApi().GetStatistics().Enqueued > 0)
                await Task.Delay(200);
        }
        await PickUpAsync("after", Phase);
        Report.Print(_setting, _ledger);
    }

    public async ValueTask DisposeAsync()
    {
        _aIsDown = true;
        await _a.DisposeAsync();
        await _keepingA;
        await _b.DisposeAsync();
        _clientOfA.Dispose();
        _clientOfB.Dispose();
        await _server.DisposeAsync();
        File.Delete(_ledger);
    }

    private async Task PickUpAsync(string phase, TimeSpan time)
    {
        Console.Error.WriteLine($"{_setting.Name}: {phase}");
        var b = _clientOfB.Services.GetRequiredService<IHangfireJobService>();
        phase = phase.Replace(' ', '_');
        var (clock, delayed) = (Stopwatch.StartNew(), TimeSpan.Zero);
        while (clock.Elapsed < time)
        {
            await Task.Delay(Random.Shared.Next(5, 25));
            b.Enqueue<PickUp, Asked>(new Asked(phase, Stopwatch.GetTimestamp()));
            if (clock.Elapsed < delayed)
                continue;
            b.Schedule<PickUp, Asked>(new Asked($"{phase}{Report.DelayedMark}", Stopwatch.GetTimestamp() + (long)(DelayOfB.TotalSeconds * Stopwatch.Frequency)), DelayOfB);
            delayed = clock.Elapsed + DelayOfB / 4;
        }
    }

    private Task<AppProcess> StartAAsync() => AppProcess.StartAsync("app", _setting.Niceness, Options("a", _setting.Workers));

    // As whoever operates it would.
    private async Task KeepAAsync()
    {
        while (true)
        {
            await _a.EndAsync();
            if (_aIsDown)
                return;
            _a = await StartAAsync();
        }
    }

    private IEnumerable<string> Options(string app, int workers) =>
    [
        .. App.Settings(app, "PostgreSql", _server.ConnectionString, workers),
        $"--Ledger={_ledger}",
        "--HangfireJobs:Retry:BaseDelay=00:00:01", "--HangfireJobs:Retry:Attempts=3",
    ];
}
