using System.Diagnostics;
using System.Globalization;
using Chaos.Places;
using Chaos.Processes;
using Kit;

namespace Chaos.Soak;

/// <summary>Three apps at 70 % of the maximum of this machine for a long time; checks whether anything grows.</summary>
internal sealed class SoakRun(TimeSpan duration) : IAsyncDisposable
{
    private const double Share = 0.7;
    private const int MostWaiting = 1_000;
    private static readonly string[] Apps = ["crm", "hr", "shop"];
    // What is finished goes soon, so that half an hour shows whether it does.
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(2);
    // The maximum is one that lasts: with as many jobs deleted as finish.
    private static readonly TimeSpan WarmUp = Retention + TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly PostgreSqlPlace _place = new(canFill: false);
    private readonly List<AppProcess> _processes = [];

    public async Task<bool> RunAsync()
    {
        await _place.StartAsync();
        foreach (var app in Apps)
            await StartAsync(SoakFigures.Role, app);
        var maximum = await MeasureMaximumAsync();
        var rate = maximum * Share;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Maximum {maximum:N0} jobs a second; soaking at {rate:N0} for {duration.TotalMinutes:F0} minutes\n\n{Sample.Header}"));
        await StartFlowsAsync(rate / Apps.Length);

        List<Sample> samples = [];
        var clock = Stopwatch.StartNew();
        for (var (before, at) = (Done(), TimeSpan.Zero); clock.Elapsed < duration;)
        {
            await Task.Delay(SoakFigures.Interval);
            var done = Done();
            var now = clock.Elapsed;
            samples.Add(
                await Sample.TakeAsync(
                    now, (done - before) / (now - at).TotalSeconds, Figures(), _processes.Select(static process => process.Id),
                    _place.Server));
            Console.WriteLine(samples[^1]);
            before = done;
            at = now;
        }
        var isFlat = Verdict.Print(samples);
        Console.WriteLine(isFlat ? "\nFlat." : "\nNOT flat.");
        return isFlat;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        await _place.DisposeAsync();
        _folder.Dispose();
    }

    // As many as the machine can enqueue and execute at the same time: the same jobs, as fast as they go, with always some waiting.
    private async Task<double> MeasureMaximumAsync()
    {
        var flows = await StartFlowsAsync(double.MaxValue, $"--MostWaiting={MostWaiting}");
        await Task.Delay(WarmUp);
        var before = await NextDoneAsync();
        var clock = Stopwatch.StartNew();
        await Task.Delay(MaximumTime - (SoakFigures.Interval / 2));
        var maximum = (await NextDoneAsync() - before) / clock.Elapsed.TotalSeconds;
        foreach (var flow in flows)
        {
            await flow.StopAsync();
            _processes.Remove(flow);
        }
        await Task.Delay(SoakFigures.Interval);
        return maximum;
    }

    private async Task<List<AppProcess>> StartFlowsAsync(double ratePerApp, params string[] more)
    {
        List<AppProcess> flows = [];
        foreach (var app in Apps)
            flows.Add(await StartAsync(SoakFlow.Role, app, [string.Create(CultureInfo.InvariantCulture, $"--Rate={ratePerApp}"), .. more]));
        return flows;
    }

    // The workers write at an interval: right after they did.
    private async Task<double> NextDoneAsync()
    {
        for (var before = Done(); ; await Task.Delay(100))
        {
            if (Done() is var done && done != before)
                return done;
        }
    }

    private double Done() => Figures().Sum(static line => line[0]);

    private List<double[]> Figures() =>
        [
            .. Apps.Select(app =>
                File.ReadLines(LedgerOf(app)).LastOrDefault("0 0 0 0").Split(' ')
                    .Select(static word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())
        ];

    private async Task<AppProcess> StartAsync(string role, string app, params string[] more)
    {
        var process = AppProcess.Start(
            role, [.. Settings(app), $"--HangfireJobs:RunServer={role == SoakFigures.Role}", $"--Ledger={LedgerOf(app)}", .. more],
            new Dictionary<string, string>());
        _processes.Add(process);
        await process.ReadyAsync(TimeSpan.FromMinutes(1));
        return process;
    }

    private string LedgerOf(string app) => Path.Combine(_folder.Path, app);

    private IEnumerable<string> Settings(string app) =>
    [
        $"--App={app}", $"--HangfireJobs:AppQueue={app}", $"--HangfireJobs:RecurringJobIdPrefix={app}", .. _place.Settings(null),
        $"--HangfireJobs:Retention:Succeeded={Retention:c}", "--HangfireJobs:Retry:BaseDelay=00:00:01", "--HangfireJobs:Retry:Jitter=0",
    ];
}
