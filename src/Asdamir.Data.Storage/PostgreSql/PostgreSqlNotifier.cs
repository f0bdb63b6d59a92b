using Asdamir.Data.Storage.Database;
using Hangfire.Logging;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Tells listening processes of new jobs, right after they were committed. Not within the commit: PostgreSQL lets one
/// transaction of the whole server at a time commit notifications, so those of all apps would wait for each other's flush. What
/// is not told, because process or connection end in between, workers find when they poll.
/// </summary>
internal sealed class PostgreSqlNotifier(PostgreSqlDatabase database) : IDisposable
{
    private const string Settings = "SET synchronous_commit = off";
    private const int Attempts = 2;

    // Those of the next moment go together.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    // A connection that hangs must not keep those of the next minutes back.
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly ILog _log = LogProvider.GetLogger(typeof(PostgreSqlNotifier));
    private readonly object _gate = new();
    private readonly SortedSet<string> _channels = new(StringComparer.Ordinal);
    private NpgsqlConnection? _connection;
    private Thread? _thread;
    private bool _stopped;

    public void Tell(IReadOnlyCollection<string> channels)
    {
        if (channels.Count == 0)
            return;
        lock (_gate)
        {
            _channels.UnionWith(channels);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "Job storage notifications" }).UnsafeStart();
            else
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Tells what is left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }
        _thread?.Join(LongestEnd);
    }

    private void Run() => BackgroundWork.Keep(Work, _log, "notifications");

    private void Work()
    {
        while (Take() is { Length: > 0 } channels)
        {
            Send(channels);
            Thread.Sleep(Pause);
        }
        Disconnect();
    }

    /// <returns>Nothing at the end.</returns>
    private string[] Take()
    {
        lock (_gate)
        {
            while (_channels.Count == 0 && !_stopped)
            {
                if (!Monitor.Wait(_gate, _connection is null ? Timeout.InfiniteTimeSpan : Idle))
                    Disconnect();
            }
            string[] channels = [.. _channels];
            _channels.Clear();
            return channels;
        }
    }

    // A connection from before the server was restarted fails once.
    private void Send(string[] channels)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                _connection ??= database.Connect(Settings);
                using var command = new NpgsqlCommand(PostgreSqlWriteSql.Notify, _connection) { CommandTimeout = (int)LongestSend.TotalSeconds, Parameters = { new() { Value = channels } } };
                command.ExecuteNonQuery();
                return;
            }
            catch (Exception)
            {
                Disconnect();
            }
        }
    }

    private void Disconnect()
    {
        var connection = _connection;
        _connection = null;
        connection?.Dispose();
    }
}
