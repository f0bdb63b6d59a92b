using BenchKit;
using Peers.Servers;

namespace Peers;

/// <summary>All measurements of one peer, once.</summary>
internal sealed class Round(PeerProcess client, IPeerServer server, Options options, Figures figures)
{
    public const string OneByOne = "enqueue one by one";
    public const string Many = "enqueue many";
    public const string Process = "process";
    public const string Seconds = "CPU seconds per 1,000";
    public const string Bytes = "bytes per job";
    private const int WarmUpPickups = 50;
    private const int Parts = 5;
    private static readonly TimeSpan LongestPickup = TimeSpan.FromSeconds(45);

    /// <param name="seconds">After which a slow peer stops to enqueue one by one, or to work off; what it did until then counts.</param>
    public void Run(int jobs, int seconds)
    {
        Empty();
        figures.Add(OneByOne, EnqueueOneByOne(jobs, seconds));

        // A job's costs: of its creation with many others, and of its execution.
        Empty();
        var start = Costs();
        figures.Add(Many, client.Order($"many {jobs}").PerSecond);
        var enqueued = Costs();
        var (perSecond, done, _) = client.Order($"work-off {jobs} {options.Workers} {seconds}");
        var processed = Costs();
        figures.Add(Process, perSecond);
        figures.Add(
            Seconds, ((enqueued.Seconds - start.Seconds) / jobs + (processed.Seconds - enqueued.Seconds) / Math.Max(done, 1)) * 1_000);
        figures.Add(Bytes, (double)(enqueued.Bytes - start.Bytes) / jobs + (double)(processed.Bytes - enqueued.Bytes) / Math.Max(done, 1));
    }

    /// <summary>From before the enqueue call to the first line of the job in another process, whose workers are idle.</summary>
    public void MeasurePickup(Func<string, PeerProcess> startAnother, int pickups)
    {
        var place = Empty();
        // What lives in one process has no other.
        using var another = place == "" ? null : startAnother(place);
        var listener = another ?? client;
        listener.Order($"listen {options.Workers}");
        Ask(listener, WarmUpPickups, pause: 10);
        figures.Pickups.AddRange(Ask(listener, pickups, pause: 50));
    }

    private double EnqueueOneByOne(int jobs, int limit)
    {
        // Each of the eight enqueues as many as the others.
        var some = Math.Max(jobs / Parts / 8, 1) * 8;
        var seconds = 0d;
        var enqueued = 0;
        for (var part = 0; part < Parts && seconds < limit; part++)
        {
            seconds += some / client.Order($"one-by-one {some}").PerSecond;
            enqueued += some;
        }
        return enqueued / seconds;
    }

    private List<double> Ask(PeerProcess listener, int times, int pause)
    {
        client.Order($"ask {times} {pause}");
        List<double> pickups = [];
        while (pickups.Count < times && listener.Pickups.TryTake(out var pickup, LongestPickup))
            pickups.Add(pickup);
        return pickups.Count == times
            ? pickups
            : throw new TimeoutException($"{times - pickups.Count} of {times} jobs were not picked up within {LongestPickup}.");
    }

    private string Empty()
    {
        var place = client.Order("empty").Text;
        server.Settle();
        return place;
    }

    private (double Seconds, long Bytes) Costs() =>
        (Processor.Seconds(client.Id) + server.ProcessorSeconds(), server.WrittenBytes(client.Id));
}
