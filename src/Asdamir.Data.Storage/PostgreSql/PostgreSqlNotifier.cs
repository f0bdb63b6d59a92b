using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Telemetry;
using Asdamir.Data.Storage.Threading;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Notifies listening processes of new jobs and of revoked claims right after the commit. Not within the commit: PostgreSQL serialises
/// commits with notifications over the whole server, so those of all apps would wait for each other's flush. When a
/// notification is lost, because process or connection ends in between, workers find the job when they poll.
/// </summary>
internal sealed class PostgreSqlNotifier(PostgreSqlDatabase database) : IDisposable
{
    private const string Settings = "SET synchronous_commit = off";
    private const int Attempts = 2;

    // Batches the notifications of the next moment.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    // A hanging connection must not delay the notifications of the next minutes.
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly StorageLog _log = new(typeof(PostgreSqlNotifier));
    private readonly object _gate = new();
    private readonly HashSet<Notification> _notifications = [];
    private NpgsqlConnection? _connection;
    private Thread? _thread;
    private bool _stopped;

    public void Tell(IReadOnlyCollection<Notification> notifications)
    {
        if (notifications.Count == 0)
            return;
        lock (_gate)
        {
            _notifications.UnionWith(notifications);
            if (_thread is null)
                (_thread = new Thread(Run) { IsBackground = true, Name = "Job storage notifications" }).UnsafeStart();
            else
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sends the remaining notifications.</summary>
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
        while (Take() is { Length: > 0 } notifications)
        {
            Send(notifications);
            database.Time.Sleep(Pause);
        }
        Disconnect();
    }

    /// <returns>Empty after the end.</returns>
    private Notification[] Take()
    {
        lock (_gate)
        {
            while (_notifications.Count == 0 && !_stopped)
            {
                if (!database.Time.Wait(_gate, _connection is null ? Timeout.InfiniteTimeSpan : Idle))
                    Disconnect();
            }
            Notification[] notifications = [.. _notifications];
            _notifications.Clear();
            return notifications;
        }
    }

    // A connection from before the server was restarted fails once.
    private void Send(Notification[] notifications)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                _connection ??= database.Connect(Settings);
                using var command = new NpgsqlCommand(PostgreSqlWriteSql.Notify, _connection)
                {
                    CommandTimeout = (int)LongestSend.TotalSeconds,
                    Parameters =
                    {
                        new() { Value = Array.ConvertAll(notifications, static one => one.Channel) },
                        new() { Value = Array.ConvertAll(notifications, static one => one.Text) },
                    },
                };
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
        if (connection is not null)
            database.Return(connection);
    }
}
