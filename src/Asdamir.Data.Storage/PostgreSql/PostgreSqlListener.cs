using Asdamir.Data.Storage.Telemetry;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>
/// Waits for notifications, on one connection for all subscribers of a process. While it cannot listen, workers poll.
/// </summary>
internal sealed class PostgreSqlListener(PostgreSqlDatabase database) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Servers that start together share one change of channels.
    private static readonly TimeSpan Company = TimeSpan.FromMilliseconds(20);

    private readonly StorageLog _log = new(typeof(PostgreSqlListener));
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Subscription> _subscriptions = [];
    private HashSet<string> _channels = [];
    private CancellationTokenSource _change = new();
    private Task? _listening;

    /// <summary>
    /// Calls back when one of the channels was notified, with its text, and with an empty one when a notification may have been missed;
    /// until the subscription is disposed.
    /// </summary>
    public IDisposable Subscribe(IEnumerable<string> channels, Action<string> notified)
    {
        var subscription = new Subscription(this, [.. channels], notified);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            if (!subscription.Channels.IsSubsetOf(_channels))
                _change.Cancel();
            _listening ??= Detached.Start(() => Task.Run(() => ListenAsync(_stop.Token)));
        }
        return subscription;
    }

    public void Dispose()
    {
        _stop.Cancel();
        lock (_gate)
            _change.Cancel();
        _listening?.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _change.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            var change = StartChange();
            try
            {
                if (_channels.Count == 0)
                    await Task.Delay(Timeout.InfiniteTimeSpan, database.Time, change).ConfigureAwait(false);
                var connection = database.Connect();
                try
                {
                    await ListenAsync(connection, change).ConfigureAwait(false);
                    pause = FirstPause;
                    // Jobs added before it listened.
                    Notify(channel: null, "");
                    while (true)
                        await connection.WaitAsync(change).ConfigureAwait(false);
                }
                finally
                {
                    database.Return(connection);
                }
            }
            catch (Exception) when (change.IsCancellationRequested)
            {
                await Task.Delay(Company, database.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception)
            {
                _log.DebugException(
                    $"Notifications of {database.Description} were interrupted; workers poll until they return.", exception);
                await Task.Delay(pause, database.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken change)
    {
        connection.Notification += OnNotification;
        var listen = string.Concat(_channels.Select(static channel => $"LISTEN {channel};"));
        await using var command = new NpgsqlCommand(listen, connection);
        await command.ExecuteNonQueryAsync(change).ConfigureAwait(false);
    }

    /// <returns>Cancelled when other channels are needed, and at the end.</returns>
    private CancellationToken StartChange()
    {
        lock (_gate)
        {
            _change.Dispose();
            _change = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            _channels = [.. _subscriptions.SelectMany(static subscription => subscription.Channels)];
            return _change.Token;
        }
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs notification) =>
        Notify(notification.Channel, notification.Payload);

    private void Notify(string? channel, string text)
    {
        List<Subscription> notified;
        lock (_gate)
            notified = _subscriptions.FindAll(subscription => channel is null || subscription.Channels.Contains(channel));
        notified.ForEach(subscription => subscription.Notify(text));
    }

    // Its channels stay until the next change; the last subscription returns the connection.
    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.Remove(subscription) && _subscriptions.Count == 0 && !_stop.IsCancellationRequested)
                _change.Cancel();
        }
    }

    private sealed class Subscription(PostgreSqlListener listener, HashSet<string> channels, Action<string> notified) : IDisposable
    {
        public HashSet<string> Channels => channels;

        public void Notify(string text) => notified(text);

        public void Dispose() => listener.Remove(this);
    }
}
