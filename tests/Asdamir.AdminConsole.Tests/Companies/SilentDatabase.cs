using System.Net;
using System.Net.Sockets;

namespace Asdamir.AdminConsole.Tests.Companies;

/// <summary>Something that takes connections and never says a word.</summary>
internal sealed class SilentDatabase : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentDatabase() => _listener.Start(100);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether somebody has connected.</summary>
    public bool IsAsked => _listener.Pending();

    /// <summary>A port on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var silent = new SilentDatabase();
        return silent.Port;
    }

    public void Dispose() => _listener.Dispose();
}
