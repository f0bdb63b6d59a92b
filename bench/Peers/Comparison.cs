using System.Globalization;
using Peers.Servers;

namespace Peers;

/// <summary>All peers in turns. The first round warms up.</summary>
internal static class Comparison
{
    private const int LimitSeconds = 8;

    public static async Task RunAsync(Options options)
    {
        var chosen = Catalogue.All.Where(
            peer => options.Only.Count == 0 || options.Only.Exists(only => peer.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        var figures = chosen.ToDictionary(static peer => peer, static _ => new Figures());
        var (node, missing) = chosen.Exists(static peer => peer.Runtime == Runtime.Node) ? Installation.PrepareNode() : (null, "");
        await using var servers = await Keepers.StartAsync(chosen);
        List<(Peer Peer, IPeerServer Server, PeerProcess Client)> running = [];
        try
        {
            foreach (var peer in chosen)
            {
                figures[peer].Missing = peer.Runtime == Runtime.Node && node is null ? missing : servers.Missing(peer.Keeper);
                try
                {
                    if (figures[peer].Missing is null)
                        running.Add((peer, servers.Of(peer.Keeper), Start(peer, servers.Of(peer.Keeper).PlaceFor(peer.Runtime))));
                }
                catch (InvalidOperationException failure)
                {
                    figures[peer].Missing = failure.Message;
                }
            }
            for (var number = 0; number <= options.Rounds; number++)
            {
                foreach (var (peer, server, client) in running.Where(entry => figures[entry.Peer].Missing is null))
                {
                    var counted = number == 0 ? new Figures() : figures[peer];
                    var round = new Round(client, server, options, counted);
                    try
                    {
                        round.Run(options.Jobs, LimitSeconds);
                        if (number > 0)
                            round.MeasurePickup(place => Start(peer, place), options.Pickups);
                        client.Order("empty");
                    }
                    catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or IOException)
                    {
                        counted.Missing = figures[peer].Missing = failure.Message;
                    }
                    PrintProgress(number == 0 ? "warm-up" : $"{number}/{options.Rounds}", peer, counted);
                }
            }
        }
        finally
        {
            running.ForEach(static entry => entry.Client.Dispose());
        }
        Table.Print(figures, options);

        static void PrintProgress(string round, Peer peer, Figures counted) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {round,-7} {peer.Name,-50} {counted.Last(Round.OneByOne),7:F0} {counted.Last(Round.Many),7:F0} "
                + $"{counted.Last(Round.Process),7:F0}/s, {counted.Last(Round.Seconds):F3} s, {counted.Last(Round.Bytes),6:F0} bytes "
                + $"{counted.Missing}"));

        PeerProcess Start(Peer peer, string place) => new(peer, place, peer.Runtime == Runtime.Node ? node : null);
    }
}
