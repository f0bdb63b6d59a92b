using System.Globalization;

namespace Peers;

/// <summary>The result in Markdown.</summary>
internal static class Table
{
    public static void Print(IReadOnlyDictionary<Peer, Figures> peers, Options options)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"| {options.Jobs:N0} trivial jobs, {options.Workers} workers | enqueue one by one, 8 at a time | enqueue many | process | "
                + "pick-up p50 | p99 | CPU s per 1,000 | written a job | durable on return | at least once | after kill -9 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---|---|---|");
        foreach (var (peer, figures) in peers)
        {
            var cells = figures.Missing is { } missing
                ? [$"left out: {missing}", .. Enumerable.Repeat("", 6)]
                : new[]
                {
                    Number(figures.Median(Round.OneByOne), "N0"),
                    Number(figures.Median(Round.Many), "N0"),
                    Number(figures.Median(Round.Process), "N0"),
                    Number(figures.Pickup(50), "N1") + " ms",
                    Number(figures.Pickup(99), "N1") + " ms",
                    Number(figures.Median(Round.Seconds), "F2"),
                    peer.Keeper == Keeper.Memory ? "–" : Number(figures.Median(Round.Bytes), "N0"),
                };
            Console.WriteLine(
                $"| {peer.Name} | {string.Join(" | ", cells)} | {peer.DurableOnReturn} | {peer.AtLeastOnce} | {peer.Recovery} |");
        }
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
