using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Kit;

/// <summary>
/// Stands between a storage and its PostgreSQL server and loses what the test tells it to lose. It understands as much of the
/// protocol as it takes to know which statements a request is made of, prepared ones included.
/// </summary>
public sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private int _faults;

    public FaultProxy(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new IPEndPoint(IPAddress.Parse(settings.Host!), settings.Port);
        _listener.Start();
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = settings.ToString();
        // Not on the context of the test, whose few threads may all be waiting for an answer through this proxy.
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The way through this proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Decides by the SQL of a request.</summary>
    public Func<string, Fault> Decide { get; set; } = static _ => Fault.None;

    /// <summary>How much longer every request takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether all connections are refused.</summary>
    public bool IsDown { get; set; }

    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Breaks all connections.</summary>
    public void Cut()
    {
        lock (_connections)
        {
            foreach (var connection in _connections)
                connection.Break();
        }
    }

    /// <summary>The next request with such a text meets the fault; those after it pass.</summary>
    public void Once(string text, Fault fault)
    {
        var left = 1;
        Decide = sql => sql.Contains(text, StringComparison.Ordinal) && Interlocked.Decrement(ref left) == 0 ? fault : Fault.None;
    }

    internal Fault Judge(string sql)
    {
        var fault = Decide(sql);
        if (fault != Fault.None)
            Interlocked.Increment(ref _faults);
        return fault;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        Cut();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using var connection = new ProxiedConnection(this, client, server);
        if (IsDown)
        {
            connection.Break();
            return;
        }
        lock (_connections)
            _connections.Add(connection);
        try
        {
            await server.ConnectAsync(_server);
            await connection.RunAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            connection.Break();
        }
        finally
        {
            lock (_connections)
                _connections.Remove(connection);
        }
    }
}
