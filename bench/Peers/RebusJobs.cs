using System.Diagnostics;
using Npgsql;
using Rebus.Activation;
using Rebus.Bus;
using Rebus.Config;
using Rebus.Transport;
using StorageComparison;

namespace Peers;

/// <summary>
/// Rebus on its PostgreSQL transport, with as many threads as jobs at a time: a message stays locked by its transaction while it is
/// handled, so nothing is lost and nothing is fetched ahead.
/// </summary>
internal sealed class RebusJobs(string connectionString) : IPeerJobs
{
    private const string Table = "bench_rebus";
    private const string Queue = "jobs";

    // What one transaction takes at a time; one for all holds all messages in memory.
    private const int Batch = 1_000;

    private IBus? _client;
    private BuiltinHandlerActivator? _listener;

    public async Task<string> EmptyAsync()
    {
        Close();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var table = source.CreateCommand($"drop table if exists {Table}"))
            await table.ExecuteNonQueryAsync();
        // Creates the table.
        Listen(workers: 0);
        OpenClient();
        return connectionString;
    }

    public async Task<double> EnqueueOneByOneAsync(int jobs)
    {
        var each = jobs / 8;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await SendAsync(new TrivialMessage(null));
        })));
        return each * 8 / clock.Elapsed.TotalSeconds;
    }

    public async Task<double> EnqueueManyAsync(int jobs)
    {
        var clock = Stopwatch.StartNew();
        for (var sent = 0; sent < jobs; sent += Batch)
        {
            using var transaction = new RebusTransactionScope();
            for (var i = sent; i < Math.Min(sent + Batch, jobs); i++)
                await SendAsync(new TrivialMessage(null));
            await transaction.CompleteAsync();
        }
        return jobs / clock.Elapsed.TotalSeconds;
    }

    public async Task<(double PerSecond, int Jobs)> WorkOffAsync(int jobs, int workers, TimeSpan limit)
    {
        Close();
        Work.Expect(jobs);
        Listen(workers);
        var done = await Work.NearlyAllAsync(jobs, limit);
        Close();
        return done;
    }

    public Task ListenAsync(int workers)
    {
        Listen(workers);
        OpenClient();
        return Task.CompletedTask;
    }

    public Task AskAsync(long asked) => SendAsync(new TrivialMessage(asked));

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(TrivialMessage message) => _client!.Advanced.Routing.Send(Queue, message);

    private void OpenClient() =>
        _client ??= Configure.OneWayClient()
            .Logging(static logging => logging.None())
            .Transport(transport => transport.UsePostgreSqlAsOneWayClient(Pool(8), Table))
            .Start();

    private void Listen(int workers)
    {
        _listener?.Dispose();
        _listener = new BuiltinHandlerActivator();
        _listener.Handle<TrivialMessage>(static message =>
        {
            TrivialMessageHandler.Handle(message);
            return Task.CompletedTask;
        });
        Configure.With(_listener)
            .Logging(static logging => logging.None())
            .Transport(transport => transport.UsePostgreSql(Pool(workers), Table, Queue))
            .Options(options =>
            {
                options.SetNumberOfWorkers(workers);
                options.SetMaxParallelism(Math.Max(workers, 1));
            })
            .Start();
    }

    private string Pool(int connections) => $"{connectionString};Maximum Pool Size={connections + 10}";

    private void Close()
    {
        _listener?.Dispose();
        _listener = null;
        _client?.Dispose();
        _client = null;
    }
}
