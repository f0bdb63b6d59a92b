using System.Diagnostics;
using System.Globalization;
using BenchKit;
using Kit;
using StackExchange.Redis;

namespace Peers.Servers;

/// <summary>A Redis with an append-only file, which is what it writes.</summary>
internal sealed class Redis : IPeerServer
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("peers-redis-");
    private readonly int _port = LocalPort.Free();
    private Process? _server;
    private ConnectionMultiplexer? _connection;

    /// <param name="fsync">'always': before each answer. 'everysec': what was answered in the last second can be lost.</param>
    /// <returns><see langword="null"/> when there is no redis-server.</returns>
    public static async Task<Redis?> StartAsync(string fsync)
    {
        if (!Installation.Has("redis-server"))
            return null;
        var redis = new Redis();
        redis._server = Process.Start(new ProcessStartInfo("redis-server", [
            "--port", $"{redis._port}", "--bind", "127.0.0.1", "--dir", redis._data.FullName, "--save", "", "--appendonly", "yes",
            "--appendfsync", fsync,
            // Rewriting would shrink what is measured.
            "--auto-aof-rewrite-percentage", "0", "--loglevel", "warning"])
        { RedirectStandardOutput = true });
        redis._connection = await ConnectionMultiplexer.ConnectAsync(
            $"127.0.0.1:{redis._port},abortConnect=false,connectRetry=20,allowAdmin=true");
        return redis;
    }

    public string PlaceFor(Runtime runtime) => $"127.0.0.1:{_port}";

    public double ProcessorSeconds() => Processor.Seconds(_server!.Id);

    public long WrittenBytes(int client) => long.Parse(
        Server.Info("persistence").SelectMany(static section => section).First(static entry => entry.Key == "aof_current_size").Value,
        CultureInfo.InvariantCulture);

    public void Settle() => Server.FlushDatabase();

    public async ValueTask DisposeAsync()
    {
        Server.Shutdown(ShutdownMode.Never);
        await _connection!.DisposeAsync();
        await _server!.WaitForExitAsync();
        _data.Delete(recursive: true);
    }

    private IServer Server => _connection!.GetServers()[0];
}
