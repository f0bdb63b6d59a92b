using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Monitoring.Health;

/// <summary>
/// How far this process has come: it waits for its storage, or its server jobs. Asking costs nothing and needs no storage.
/// </summary>
internal sealed class ServerStatus
{
    private volatile bool _isOpen;
    private volatile BackgroundProcessingServer? _server;

    public bool HasStorage => _isOpen;

    /// <summary>
    /// True when the server of this process ended while it should work; until it has been started, and in a process without one, false.
    /// </summary>
    public bool HasServerEnded => _server is { } server && server.WaitForShutdown(TimeSpan.Zero);

    public void StorageIsOpen() => _isOpen = true;

    public void ServerRuns(BackgroundProcessingServer server) => _server = server;
}
