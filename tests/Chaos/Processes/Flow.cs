using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Kit;

namespace Chaos.Processes;

/// <summary>Enqueues jobs of every kind until the app is stopped, and records each request and its answer.</summary>
internal sealed class Flow(IHangfireJobService jobs, Ledger ledger, IConfiguration configuration) : IHostedService, IDisposable
{
    public const string Role = "flow";
    public const string Schedule = "tick";

    /// <summary>Stands in the ledger for a parent or a key that a call does not have.</summary>
    public const string Nothing = "-";

    private const int Threads = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(350);
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"];
    private readonly string _app = configuration["App"]!;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];
    private int _asked;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _threads.AddRange(Enumerable.Range(0, Threads).Select(_ => new Thread(Run)));
        _threads.ForEach(static thread => thread.Start());
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.Run(() => _threads.ForEach(static thread => thread.Join()), cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        Try(ScheduleRecurring);
        while (!_stop.IsCancellationRequested)
        {
            Try(EnqueueSome);
            _stop.Token.WaitHandle.WaitOne(Pause * (0.5 + Random.Shared.NextDouble()));
        }
    }

    private void EnqueueSome()
    {
        switch (Random.Shared.Next(100))
        {
            case < 6:
                EnqueueLimited();
                break;
            case < 24:
                Note(Order(JobKind.Enqueued, Random.Shared.Next(10) == 0 ? Random.Shared.Next(300) : 0), order =>
                    jobs.Enqueue<FlowWork, WorkOrder>(order, Place()));
                break;
            case < 32:
                EnqueueUnique();
                break;
            case < 40:
                EnqueueIdempotent();
                break;
            case < 55:
                var delay = TimeSpan.FromSeconds(Random.Shared.Next(1, 10));
                Note(
                    Order(JobKind.Delayed), order => jobs.Enqueue<FlowWork, WorkOrder>(order, Place() with { Delay = delay }), delay);
                break;
            case < 67:
                Note(
                    Order(JobKind.Retried, failures: Random.Shared.Next(1, 4)),
                    order => jobs.Enqueue<FlowWork, WorkOrder>(order, Place()));
                break;
            case < 80:
                var parent = Note(Order(JobKind.Enqueued, Random.Shared.Next(400)), order => jobs.Enqueue<FlowWork, WorkOrder>(order));
                Note(Order(JobKind.Continued), order => jobs.ContinueWith<FlowWork, WorkOrder>(order, parent!), parent: parent);
                break;
            case < 86:
                Note(Order(JobKind.Exclusive, Random.Shared.Next(50, 600)), order => jobs.Enqueue<FlowExclusive, WorkOrder>(order));
                break;
            case < 89:
                Note(
                    Order(JobKind.Stepped, Random.Shared.Next(1_000), Random.Shared.Next(2)),
                    order => jobs.Enqueue<FlowWork, WorkOrder>(order));
                break;
            case < 91:
                Note(
                    Order(JobKind.Cursored, Random.Shared.Next(4_000), Random.Shared.Next(2)),
                    order => jobs.Enqueue<FlowWork, WorkOrder>(order));
                break;
            case < 93 when Effects.ArePossible(configuration):
                Note(
                    Order(JobKind.Transacted, Random.Shared.Next(1_000), Random.Shared.Next(2)),
                    order => jobs.Enqueue<FlowWork, WorkOrder>(order));
                break;
            case < 94:
                Note(Order(JobKind.Slow, Random.Shared.Next(4_000, 12_000)), order => jobs.Enqueue<FlowWork, WorkOrder>(order));
                break;
            case < 96:
                EnqueueMany();
                break;
            case < 98:
                Note(Order(JobKind.Recurring), _ => jobs.TriggerRecurring(Schedule));
                break;
            default:
                ScheduleRecurring();
                break;
        }
    }

    private void EnqueueLimited()
    {
        var key = $"{Random.Shared.Next(3)}";
        Note(
            Order(JobKind.Limited, Random.Shared.Next(400), Random.Shared.Next(5) == 0 ? 1 : 0) with { Key = key },
            order => jobs.Enqueue<FlowLimited, WorkOrder>(order, new JobOptions { Priority = Random.Shared.Next(10) }), key: key);
    }

    // Now and then a retry, so that the key is kept over attempts.
    private void EnqueueUnique()
    {
        var key = $"unique-{Random.Shared.Next(4)}";
        var options = Place() with
        {
            UniqueKey = key,
            WhenTaken = Random.Shared.Next(2) == 0 ? WhenTaken.Skip : WhenTaken.Replace,
            Delay = Random.Shared.Next(3) == 0 ? TimeSpan.FromSeconds(Random.Shared.Next(1, 5)) : null,
        };
        Note(
            Order(JobKind.Unique, Random.Shared.Next(1_000), Random.Shared.Next(5) == 0 ? 1 : 0),
            order => jobs.Enqueue<FlowWork, WorkOrder>(order, options), key: key);
    }

    // As a caller does that wants to know that its job is stored once, and only once.
    private void EnqueueIdempotent()
    {
        var first = Order(JobKind.Idempotent);
        var options = Place() with { IdempotencyKey = first.Tag };
        for (var (order, calls) = (first, 0); calls < 3 && !_stop.IsCancellationRequested; calls++)
        {
            Try(() => Note(order, asked => jobs.Enqueue<FlowWork, WorkOrder>(asked, options), key: first.Tag));
            order = Order(JobKind.Idempotent);
        }
    }

    private static JobOptions Place() => new()
    {
        Priority = Random.Shared.Next(2) == 0 ? Random.Shared.Next(10) : null,
        FairnessKey = Random.Shared.Next(2) == 0 ? $"tenant-{Random.Shared.Next(5)}" : null,
    };

    private void EnqueueMany()
    {
        List<WorkOrder> orders = [.. Enumerable.Range(0, Random.Shared.Next(5, 30)).Select(_ => Order(JobKind.Many))];
        foreach (var order in orders)
            NoteAsked(order);
        IReadOnlyList<string> ids;
        try
        {
            ids = jobs.EnqueueMany<FlowWork, WorkOrder>(orders, Place());
        }
        catch (Exception exception)
        {
            foreach (var order in orders)
                NoteRefused(order, exception);
            throw;
        }
        foreach (var (order, id) in orders.Zip(ids))
            NoteEnqueued(order, id, TimeSpan.Zero);
    }

    // With its time zone moved each time.
    private void ScheduleRecurring() =>
        jobs.AddOrUpdateRecurring<FlowWork, WorkOrder>(
            new WorkOrder("tick", _app, JobKind.Recurring), "*/5 * * * * *",
            new RecurringOptions { Id = Schedule, TimeZone = Zones[Random.Shared.Next(Zones.Length)] });

    private WorkOrder Order(JobKind kind, int milliseconds = 0, int failures = 0) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{Interlocked.Increment(ref _asked)}"), _app, kind,
            milliseconds, failures);

    /// <returns>The job; <see langword="null"/> when there was nothing to trigger, as its schedule is not written yet.</returns>
    private string? Note(
        WorkOrder order, Func<WorkOrder, string?> enqueue, TimeSpan delay = default, string? parent = null, string? key = null)
    {
        NoteAsked(order, parent, key);
        try
        {
            var id = enqueue(order);
            if (id is null)
                ledger.Write(string.Create(CultureInfo.InvariantCulture, $"absent {DateTime.UtcNow.Ticks} {order.Tag}"));
            else
                NoteEnqueued(order, id, delay);
            return id;
        }
        catch (Exception exception)
        {
            NoteRefused(order, exception);
            throw;
        }
    }

    private void NoteAsked(WorkOrder order, string? parent = null, string? key = null) =>
        ledger.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"asked {DateTime.UtcNow.Ticks} {order.Tag} {order.Kind} {parent ?? Nothing} {key ?? Nothing}"));

    private void NoteEnqueued(WorkOrder order, string id, TimeSpan delay) =>
        ledger.Write(string.Create(CultureInfo.InvariantCulture, $"enqueued {DateTime.UtcNow.Ticks} {order.Tag} {id} {delay.Ticks}"));

    private void NoteRefused(WorkOrder order, Exception exception)
    {
        var reason = exception is BackgroundJobClientException { InnerException: { } inner } ? inner : exception;
        var word = reason switch
        {
            JobStorageUnavailableException { MayBeCommitted: true } => "unknown",
            // The lock belongs to a process that is dead or paused: nothing was written either.
            JobStorageUnavailableException or DistributedLockTimeoutException => "refused",
            _ => "error",
        };
        ledger.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{word} {DateTime.UtcNow.Ticks} {order.Tag} {(word == "error" ? reason.ToString().ReplaceLineEndings(" ") : "")}"));
    }

    // The answer of the call is in the ledger already; the next call writes a schedule that could not be written.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            _stop.Token.WaitHandle.WaitOne(Pause);
        }
    }
}
