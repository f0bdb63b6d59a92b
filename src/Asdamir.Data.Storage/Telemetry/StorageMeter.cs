using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Asdamir.Data.Storage.Telemetry;

/// <summary>The instruments that all storages of this process share.</summary>
internal static class StorageMeter
{
    public const string Name = "Asdamir.Data.Storage";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    };

    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    };

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<StorageTelemetry, bool> Open = new();

    static StorageMeter()
    {
        Meter.CreateObservableUpDownCounter(
            "asdamir.storage.jobs.in_flight", static () => Sum(static storage => storage.JobsInFlight), "{job}",
            "How many jobs this process has claimed and not ended.");
        Meter.CreateObservableUpDownCounter(
            "asdamir.storage.commits.waiting", static () => Sum(static storage => storage.CommitsWaiting), "{commit}",
            "How many calls wait for their commit.");
    }

    public static Histogram<double> CommitDuration { get; } = Meter.CreateHistogram(
        "asdamir.storage.commit.duration", "s", "How long a database transaction of a group of commits took.", null, Seconds);

    public static Histogram<long> CommitSize { get; } = Meter.CreateHistogram(
        "asdamir.storage.commit.size", "{commit}", "How many calls were committed by one database transaction.", null, Sizes);

    public static Histogram<double> ClaimDuration { get; } = Meter.CreateHistogram(
        "asdamir.storage.claim.duration", "s", "How long a claim of a batch of jobs took.", null, Seconds);

    public static Histogram<long> ClaimSize { get; } = Meter.CreateHistogram(
        "asdamir.storage.claim.size", "{job}", "How many jobs a claim returned.", null, Sizes);

    public static Counter<long> LeasesEnded { get; } = Meter.CreateCounter<long>(
        "asdamir.storage.leases.ended", "{lease}", "How many leases of other processes this process has ended.");

    public static Counter<long> LeasesLost { get; } = Meter.CreateCounter<long>(
        "asdamir.storage.leases.lost", "{lease}", "How many leases this process has lost, and with them its claims.");

    public static Counter<long> ResponsesLost { get; } = Meter.CreateCounter<long>(
        "asdamir.storage.commit.lost_responses", "{commit}", "How many commits got no response, by what was found out about them.");

    public static Counter<long> ConnectionsLost { get; } = Meter.CreateCounter<long>(
        "asdamir.storage.connections.lost", "{connection}", "How many connections broke, and were replaced.");

    public static Histogram<double> OutageDuration { get; } = Meter.CreateHistogram(
        "asdamir.storage.outage.duration", "s", "How long the database could not be used.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] });

    public static void Add(StorageTelemetry storage) => Open[storage] = true;

    public static void Remove(StorageTelemetry storage) => Open.TryRemove(storage, out _);

    // Two storages of one process may use the same tables, and a collector keeps only one value for the same tags.
    private static IEnumerable<Measurement<long>> Sum(Func<StorageTelemetry, long> value) =>
        Open.Keys.GroupBy(static storage => (storage.System, storage.Namespace)).Select(
            group => new Measurement<long>(group.Sum(value), group.First().Tags()));
}
