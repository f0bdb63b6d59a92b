using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Kit;

/// <summary>
/// Stands between a storage and its PostgreSQL servers and loses what the test tells it to lose. It understands as much of the
/// protocol as it takes to know which statements a request is made of, prepared ones included.
/// </summary>
public sealed class FaultProxy : IDisposable
{
    private readonly List<TcpListener> _listeners = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private int _faults;

    public FaultProxy(string connectionString)
        : this(connectionString, () => new NpgsqlConnectionStringBuilder(connectionString).Port)
    {
    }

    public FaultProxy(ReplicatedPostgres servers)
        : this(servers.Primary.ConnectionString, [.. servers.Servers.Select(static server => (Func<int?>)(() => server.Port))])
    {
    }

    private FaultProxy(string connectionString, params ReadOnlySpan<Func<int?>> ports)
    {
        foreach (var port in ports)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            _listeners.Add(listener);
            // Not on the context of the test, whose few threads may all be waiting for an answer through this proxy.
            _ = Task.Run(() => AcceptAsync(listener, port));
        }
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = string.Join(',', _listeners.Select(static listener => $"127.0.0.1:{PortOf(listener)}")),
            Port = PortOf(_listeners[0]),
        }.ToString();
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
        _listeners.ForEach(static listener => listener.Dispose());
        Cut();
        _stop.Dispose();
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task AcceptAsync(TcpListener listener, Func<int?> port)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token), port());
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, int? port)
    {
        using var server = new TcpClient { NoDelay = true };
        using var connection = new ProxiedConnection(this, client, server);
        if (IsDown || port is null)
        {
            connection.Break();
            return;
        }
        lock (_connections)
            _connections.Add(connection);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, port.Value);
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
