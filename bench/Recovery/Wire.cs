using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Recovery;

/// <summary>The network between a process and its server, which can stop to carry anything while all connections stay open.</summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IPEndPoint _server = new(IPAddress.Loopback, 0);
    private volatile bool _isSilent;

    /// <param name="connectionString">The way to the server.</param>
    /// <param name="isUsed">Whether there is a wire at all.</param>
    public Wire(string connectionString, bool isUsed)
    {
        ConnectionString = connectionString;
        if (!isUsed)
            return;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new IPEndPoint(IPAddress.Parse(settings.Host!), settings.Port);
        _listener.Start();
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = settings.ToString();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The way through this wire.</summary>
    public string ConnectionString { get; }

    public void Silence() => _isSilent = true;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var fromClient = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(_server, _end.Token);
            await Task.WhenAny(CarryAsync(client.GetStream(), server.GetStream()), CarryAsync(server.GetStream(), client.GetStream()));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
        {
            if (!_isSilent)
                await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
        // The other side must not learn that this one has left, either.
        if (_isSilent)
            await Task.Delay(Timeout.Infinite, _end.Token);
    }
}
