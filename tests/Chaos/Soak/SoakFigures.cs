using System.Globalization;
using Microsoft.Extensions.Hosting;
using Kit;

namespace Chaos.Soak;

/// <summary>What a worker process has done since the last interval.</summary>
public sealed class SoakFigures(Ledger ledger) : BackgroundService
{
    public const string Role = "soak";
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private List<double> _delays = [];
    private long _done;

    public void Add(TimeSpan? delay)
    {
        lock (_gate)
        {
            _done++;
            if (delay is { } waited)
                _delays.Add(waited.TotalMilliseconds);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            List<double> delays;
            lock (_gate)
                (delays, _delays) = (_delays, new List<double>(_delays.Count));
            delays.Sort();
            ledger.Write(string.Create(CultureInfo.InvariantCulture,
                $"{_done} {(delays.Count == 0 ? 0 : delays[delays.Count / 2]):F2} "
                    + $"{(delays.Count == 0 ? 0 : delays[delays.Count * 99 / 100]):F2} {GC.GetTotalMemory(forceFullCollection: true)}"));
        }
    }
}
