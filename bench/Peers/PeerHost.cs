using System.Diagnostics;
using System.Globalization;
using StorageComparison;

namespace Peers;

/// <summary>
/// The process of a .NET peer: reads orders line by line, and answers each with one. node/serve.js is the same for Node's.
/// </summary>
internal static class PeerHost
{
    public static async Task ServeAsync(string key, string place)
    {
        await using var peer = Open(key, place);
        Console.WriteLine("done 0 0");
        while (Console.ReadLine() is { } order)
        {
            var words = order.Split(' ');
            int Number(int index) => int.Parse(words[index], CultureInfo.InvariantCulture);
            var (perSecond, jobs, text) = words[0] switch
            {
                "empty" => (0, 0, await peer.EmptyAsync()),
                "one-by-one" => (await peer.EnqueueOneByOneAsync(Number(1)), Number(1), ""),
                "many" => (await peer.EnqueueManyAsync(Number(1)), Number(1), ""),
                "work-off" => await WorkOffAsync(peer, Number(1), Number(2), Number(3)),
                "listen" => await ListenAsync(peer, Number(1)),
                "ask" => await AskAsync(peer, Number(1), Number(2)),
                _ => throw new InvalidOperationException($"'{order}' is no order."),
            };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {perSecond:F1} {jobs} {text}"));
        }
    }

    private static IPeerJobs Open(string key, string place) => key switch
    {
        Catalogue.Redis => new HangfireJobs(() => (HangfireRedis.OpenEmpty(place), place), () => HangfireRedis.Open(place)),
        Catalogue.Quartz => new QuartzJobs(place),
        Catalogue.Wolverine => new WolverineJobs(place),
        Catalogue.Rebus => new RebusJobs(place),
        Candidate.Sqlite => OnFile(new Func<string, Candidate>(folder => Candidate.Of(key, "", folder)), place),
        _ =>
            new HangfireJobs(() => (Candidate.Of(key, place, "").Open(), key == Candidate.InMemory ? "" : place), () =>
                Candidate.Reopen(key, place, Candidate.OurSchema)),
    };

    private static HangfireJobs OnFile(Func<string, Candidate> of, string place)
    {
        var candidate = of(place);
        return new HangfireJobs(() => (candidate.Open(), candidate.Place), () => Candidate.Reopen(candidate.Name, "", place));
    }

    private static async Task<(double, int, string)> WorkOffAsync(IPeerJobs peer, int jobs, int workers, int seconds)
    {
        var (perSecond, done) = await peer.WorkOffAsync(jobs, workers, TimeSpan.FromSeconds(seconds));
        return (perSecond, done, "");
    }

    private static async Task<(double, int, string)> ListenAsync(IPeerJobs peer, int workers)
    {
        await peer.ListenAsync(workers);
        return (0, 0, "");
    }

    // Without waiting for the job: a peer that polls would otherwise be asked right after it looked.
    private static async Task<(double, int, string)> AskAsync(IPeerJobs peer, int times, int pause)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(Random.Shared.Next(pause / 5, pause * 9 / 5));
            await peer.AskAsync(Stopwatch.GetTimestamp());
        }
        return (0, times, "");
    }
}
