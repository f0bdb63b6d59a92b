using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StorageComparison;
using Wolverine;
using Wolverine.Postgresql;

namespace Peers;

/// <summary>
/// Wolverine on a queue of its PostgreSQL transport: durable outbox and inbox, woken by notifications, large batches, and a short poll,
/// because it waits for the poll interval between two batches.
/// </summary>
internal sealed class WolverineJobs(string connectionString) : IPeerJobs
{
    private const string Schema = "bench_wolverine";
    private const string Queue = "jobs";
    private const int AtATime = 20;
    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private IHost? _host;

    public async Task<string> EmptyAsync()
    {
        await CloseAsync();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var schema = source.CreateCommand($"drop schema if exists {Schema} cascade"))
            await schema.ExecuteNonQueryAsync();
        _host = await OpenAsync(workers: 0);
        return connectionString;
    }

    public Task<double> EnqueueOneByOneAsync(int jobs) => SendAsync(jobs, 8);

    // It has no call for many outside a message handler.
    public Task<double> EnqueueManyAsync(int jobs) => SendAsync(jobs, AtATime);

    public async Task<(double PerSecond, int Jobs)> WorkOffAsync(int jobs, int workers, TimeSpan limit)
    {
        await CloseAsync();
        Work.Expect(jobs);
        _host = await OpenAsync(workers);
        var done = await Work.NearlyAllAsync(jobs, limit);
        await CloseAsync();
        return done;
    }

    public async Task ListenAsync(int workers)
    {
        await CloseAsync();
        _host = await OpenAsync(workers);
    }

    public Task AskAsync(long asked) => SendAsync(new TrivialMessage(asked));

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<double> SendAsync(int jobs, int atATime)
    {
        var each = jobs / atATime;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, atATime).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await SendAsync(new TrivialMessage(null));
        })));
        return each * atATime / clock.Elapsed.TotalSeconds;
    }

    private async Task SendAsync(TrivialMessage message)
    {
        await using var scope = _host!.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().SendAsync(message);
    }

    private async Task<IHost> OpenAsync(int workers)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseWolverine(options =>
        {
            options.UsePostgresqlPersistenceAndTransport($"{connectionString};Maximum Pool Size=50", Schema, Schema)
                .AutoProvision()
                .EnableQueueNotifications();
            options.Discovery.DisableConventionalDiscovery().IncludeType<TrivialMessageHandler>();
            options.PublishMessage<TrivialMessage>().ToPostgresqlQueue(Queue).UseDurableOutbox();
            if (workers > 0)
            {
                options.ListenToPostgresqlQueue(Queue)
                    .UseDurableInbox()
                    .MaximumMessagesToReceive(Batch)
                    .PollingInterval(Poll)
                    .MaximumParallelMessages(workers);
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task CloseAsync()
    {
        if (_host is not null)
            await _host.StopAsync();
        _host?.Dispose();
        _host = null;
    }
}
