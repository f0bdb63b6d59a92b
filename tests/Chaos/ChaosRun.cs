using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Chaos.Accounts;
using Chaos.Faults;
using Chaos.Places;
using Chaos.Processes;
using Hangfire.Storage.Monitoring;
using Kit;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos;

/// <summary>Three apps on one storage while faults break and restore everything around them; the account follows at the end.</summary>
internal sealed class ChaosRun(Options options) : IAsyncDisposable
{
    private const int WorkersPerApp = 2;
    private static readonly string[] Apps = ["crm", "hr", "shop"];
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(6);

    // The effects of the last faults end with a lease; this much of a limited time is reserved for that.
    private static readonly TimeSpan TimeToDrain = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan LongestFault = TimeSpan.FromSeconds(50);

    private readonly DateTime _started = DateTime.UtcNow;
    private readonly TemporaryFolder _folder = new();
    private readonly IPlace _place = options.Storage == "Sqlite" ? new SqlitePlace() : new PostgreSqlPlace(canFill: true);
    private readonly List<Slot> _slots = [];
    private Books? _books;
    private bool _keepsBooks;

    private Books Books => _books ??= new Books(_folder.Path);

    private List<Life> Lives => [.. _slots.SelectMany(static slot => slot.Lives.ToArray())];

    /// <returns>Whether nothing was lost, and everything else is explained.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; dispose it.</exception>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        Console.WriteLine($"Chaos on {options.Storage}, seed {options.Seed}");
        await _place.StartAsync();
        foreach (var app in Apps)
        {
            for (var i = 1; i <= WorkersPerApp; i++)
                _slots.Add(new Slot(_place, _folder.Path, app, "worker", i));
            _slots.Add(new Slot(_place, _folder.Path, app, Flow.Role, 1));
        }
        await Task.WhenAll(_slots.Select(static slot => slot.StartAsync())).WaitAsync(stop);

        var injector = new Injector(_place, _slots);
        using (var ended = new CancellationTokenSource())
        {
            var progress = ShowProgressAsync(injector, ended.Token);
            try
            {
                await InjectAsync(injector, stop);
                await injector.EndAsync().WaitAsync(stop);
            }
            finally
            {
                await ended.CancelAsync();
                await progress;
            }
            Console.WriteLine("No more faults, and nothing more is enqueued.");
        }
        await StopFlowAsync();
        using var storage = _place.Open();
        var isDrained = await DrainAsync(storage, stop);
        await Task.WhenAll(_slots.Where(static slot => slot.Role != Flow.Role).Select(static slot => slot.StopAsync()));

        Books.Read(Lives);
        var account = new Account(
            Books, injector.Injected, storage, [.. _slots.SelectMany(static slot => slot.Accidents)],
            await _place.CountWithoutStateAsync());
        Report.Print(account);
        var isGood = isDrained && account.IsClean;
        Console.WriteLine(isGood
            ? $"\nNothing was lost. {DateTime.UtcNow - _started:mm\\:ss}"
            : $"\nNOT as promised{(isDrained ? "" : $", and not everything was executed within {DrainLimit}")}: seed {options.Seed}, "
                + $"books and logs in {_folder.Path}");
        _keepsBooks = !isGood;
        return isGood;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in _slots)
            await slot.DisposeAsync();
        await _place.DisposeAsync();
        if (!_keepsBooks)
            _folder.Dispose();
    }

    private async Task InjectAsync(Injector injector, CancellationToken stop)
    {
        var deck = new Deck(new Random(options.Seed), injector.Possible);
        var end = options.Duration is { } duration ? _started + duration - TimeToDrain : DateTime.MaxValue;
        while (DateTime.UtcNow < end && injector.Injected.Count < (options.Faults ?? int.MaxValue))
        {
            await Task.Delay(Random.Shared.Next(200, 1_500), stop);
            var kind = deck.Next();
            if (!kind.TakesLong() || DateTime.UtcNow < end - LongestFault)
                await injector.InjectAsync(kind);
        }
    }

    private async Task ShowProgressAsync(Injector injector, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(5_000, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Books.Read(Lives);
            Console.WriteLine(
                $"{DateTime.UtcNow - _started:hh\\:mm\\:ss} {injector.Injected.Count} faults, {Books.Enqueued} enqueued, "
                    + $"{Books.Done} done; {injector.Injected.LastOrDefault()}");
        }
    }

    private async Task StopFlowAsync()
    {
        await Task.WhenAll(_slots.Where(static slot => slot.Role == Flow.Role).Select(static slot => slot.StopAsync()));
        foreach (var app in Apps)
        {
            using var host = AppHost.Build(
                "operator",
                [
                    $"--HangfireJobs:AppQueue={app}", $"--HangfireJobs:RecurringJobIdPrefix={app}", "--HangfireJobs:RunServer=false",
                    .. _place.Settings(null)
                ]);
            host.Services.GetRequiredService<IHangfireJobService>().RemoveRecurring(Flow.Schedule);
        }
    }

    private async Task<bool> DrainAsync(SqlJobStorage storage, CancellationToken stop)
    {
        var limit = DateTime.UtcNow + DrainLimit;
        while (true)
        {
            Books.Read(Lives);
            Books.Effects = await _place.ReadEffectsAsync();
            var left = storage.GetMonitoringApi().GetStatistics();
            var undone = Books.Undone().Count;
            if (left.Enqueued + left.Scheduled + left.Processing + (left.Awaiting ?? 0) + undone == 0)
                return true;
            Console.WriteLine($"{DateTime.UtcNow - _started:hh\\:mm\\:ss} waiting for {undone} of all: {Describe(left)}");
            if (DateTime.UtcNow > limit)
                return false;
            await Task.Delay(3_000, stop);
        }
    }

    private static string Describe(StatisticsDto left) =>
        $"{left.Enqueued} enqueued, {left.Scheduled} scheduled, {left.Processing} processing, {left.Awaiting} awaiting, "
            + $"{left.Failed} failed";
}
