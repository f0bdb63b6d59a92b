using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Kit;

/// <summary>One connection through the proxy.</summary>
public sealed class ProxiedConnection(FaultProxy proxy, TcpClient client, TcpClient server) : IDisposable
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private const string Goodbye = "goodbye";
    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5];

    private static readonly byte[] Nonsense = [1, 0, 0, 0, 4];

    private readonly Dictionary<string, string> _prepared = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _ready = new(0);
    private volatile Fault _answerFault;

    public async Task RunAsync()
    {
        client.NoDelay = true;
        Task[] ways =
        [
            ForwardRequestsAsync(client.GetStream(), server.GetStream()), ForwardAnswersAsync(server.GetStream(), client.GetStream())
        ];
        await Task.WhenAny(ways);
        // One side has left.
        await _ended.CancelAsync();
        Break();
        await Task.WhenAll(ways);
    }

    /// <summary>Ends it without a goodbye.</summary>
    public void Break()
    {
        foreach (var side in new[] { client, server })
        {
            try
            {
                side.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or NullReferenceException)
            {
                // It is closed already.
            }
            side.Close();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _ended.Dispose();
        _ready.Dispose();
    }

    private async Task ForwardRequestsAsync(NetworkStream from, NetworkStream to)
    {
        while (true)
        {
            var start = await ReadAsync(from, 8);
            var length = BinaryPrimitives.ReadInt32BigEndian(start);
            await to.WriteAsync(start);
            await to.WriteAsync(await ReadAsync(from, length - 8));
            if (BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(4)) is not (SslRequest or GssRequest))
                break;
        }
        List<byte> request = [];
        var sql = new StringBuilder();
        while (true)
        {
            var head = await ReadAsync(from, 5);
            var body = await ReadAsync(from, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4);
            request.AddRange(head);
            request.AddRange(body);
            Note((char)head[0], body, sql);
            if ((char)head[0] is not ('S' or 'Q' or 'X' or 'p'))
                continue;
            await ForwardAsync([.. request], sql.ToString(), to);
            request.Clear();
            sql.Clear();
        }
    }

    private void Note(char kind, byte[] body, StringBuilder sql)
    {
        switch (kind)
        {
            case 'P':
                var (name, rest) = Text(body);
                _prepared[name] = Text(rest).Value;
                break;
            case 'B':
                sql.AppendLine(_prepared.GetValueOrDefault(Text(Text(body).Left).Value));
                break;
            case 'Q':
                sql.AppendLine(Text(body).Value);
                break;
            case 'X':
                sql.Append(Goodbye);
                break;
        }
    }

    private async Task ForwardAsync(byte[] request, string sql, NetworkStream to)
    {
        // One request at a time, so that an answer is known to be its answer.
        if (!sql.EndsWith(Goodbye, StringComparison.Ordinal))
            await _ready.WaitAsync(_ended.Token);
        if (proxy.Delay > TimeSpan.Zero)
            await Task.Delay(proxy.Delay);
        var fault = proxy.Judge(sql);
        if (fault == Fault.LoseRequest)
        {
            Break();
            return;
        }
        _answerFault = fault;
        await to.WriteAsync(request);
    }

    private async Task ForwardAnswersAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        byte[] tail = [];
        while (true)
        {
            var read = await from.ReadAsync(buffer);
            if (read == 0)
                return;
            tail = [.. tail.Concat(buffer.Take(read)).TakeLast(ReadyForQuery.Length + 1)];
            var isReady = tail.AsSpan().StartsWith(ReadyForQuery);
            if (_answerFault == Fault.None)
                await to.WriteAsync(buffer.AsMemory(0, read));
            else if (_answerFault == Fault.CutAnswer)
                await to.WriteAsync(buffer.AsMemory(0, isReady ? Math.Max(read - ReadyForQuery.Length - 1, 0) : read));
            if (!isReady)
                continue;
            if (_answerFault == Fault.GarbleAnswer)
                await to.WriteAsync(Nonsense);
            if (_answerFault is Fault.LoseAnswer or Fault.CutAnswer)
                return;
            _ready.Release();
        }
    }

    private static (string Value, byte[] Left) Text(byte[] bytes)
    {
        var end = Array.IndexOf(bytes, (byte)0);
        return (Encoding.UTF8.GetString(bytes, 0, end), bytes[(end + 1)..]);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream from, int count)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes);
        return bytes;
    }
}
