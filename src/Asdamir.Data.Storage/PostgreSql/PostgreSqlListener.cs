using Hangfire.Logging;
using Npgsql;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>Waits for notifications of new runs on a connection of its own. While it cannot listen, workers poll.</summary>
internal sealed class PostgreSqlListener : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly ILog _log = LogProvider.GetLogger(typeof(PostgreSqlListener));
    private readonly CancellationTokenSource _stop = new();
    private readonly PostgreSqlDatabase _database;
    private readonly string _listen;
    private readonly Action _wake;
    private readonly Task _listening;

    public PostgreSqlListener(PostgreSqlDatabase database, IEnumerable<string> channels, Action wake)
    {
        (_database, _wake) = (database, wake);
        _listen = string.Concat(channels.Select(static channel => $"LISTEN {channel};"));
        _listening = Task.Run(() => ListenAsync(_stop.Token));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listening.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _stop.Dispose();
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = _database.Connect();
                connection.Notification += (_, _) => _wake();
                await using (var command = new NpgsqlCommand(_listen, connection))
                    await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
                pause = TimeSpan.FromMilliseconds(250);
                // What came before it listened.
                _wake();
                while (true)
                    await connection.WaitAsync(stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                _log.DebugException($"Notifications of {_database.Description} were interrupted; workers poll until they are back.", exception);
                await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
