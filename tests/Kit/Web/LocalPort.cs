using System.Net;
using System.Net.Sockets;

namespace Kit;

/// <summary>Ports of this machine.</summary>
public static class LocalPort
{
    /// <summary>For <c>Urls</c> of a web app: an address with a port that the system chooses.</summary>
    public const string AnyUrl = "http://127.0.0.1:0";

    /// <summary>A port that was free just now; another process may take it before it is used.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
