namespace Peers.Servers;

/// <summary>What keeps a peer's jobs.</summary>
internal interface IPeerServer : IAsyncDisposable
{
    /// <summary>How a process of the runtime finds it.</summary>
    string PlaceFor(Runtime runtime);

    /// <summary>Seconds of processor time that its own processes used so far.</summary>
    double ProcessorSeconds();

    /// <summary>Bytes written so far; the client is the peer's process.</summary>
    long WrittenBytes(int client);

    /// <summary>Gives every measurement the same start.</summary>
    void Settle();
}
