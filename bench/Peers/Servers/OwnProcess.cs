using BenchKit;

namespace Peers.Servers;

/// <summary>No server: the peer's process keeps its jobs itself, in a file or not at all.</summary>
internal sealed class OwnProcess : IPeerServer
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peers-");

    public string PlaceFor(Runtime runtime) => _folder.FullName;

    public double ProcessorSeconds() => 0;

    public long WrittenBytes(int client) => Processor.WrittenBytes(client);

    public void Settle()
    {
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
