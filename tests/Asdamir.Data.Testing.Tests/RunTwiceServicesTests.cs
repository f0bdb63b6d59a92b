using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.Tests;

/// <summary>Which calls of services a job is ended after, and that they reach the service as they are.</summary>
public sealed class RunTwiceServicesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Effects_AreTheAwaitedCalls_OfEachServiceBehindAnInterface()
    {
        await using var host = await TestHost.StartAsync(static app =>
        {
            app.Services.AddSingleton<Ledger>();
            app.Services.AddScoped<ILedger>(static services => services.GetRequiredService<Ledger>());
            app.Services.AddKeyedTransient<ILedger>("keyed", static (services, _) => services.GetRequiredService<Ledger>());
            app.Services.AddTransient(typeof(IStore<>), typeof(Store<>));
        });

        var effects = await host.RunTwiceAsync<LedgerJob>(
            args: null, static services => services.GetRequiredService<Ledger>().Entries, Token);

        Assert.Equal(
            [
                "ILedger.AddAsync", "ILedger.AddAndCountAsync", "ILedger.EchoAsync", "ILedger.ReadAsync", "ILedger.AddAsync, call 2",
                "ILedger.AddAsync, call 3", "ILedger.AddAsync, call 4", "IStore<List<String>>.SaveAsync", "the return of the job",
            ],
            effects);
    }

    [Fact]
    public async Task Nothing_BeginsAfterTheEnd_InAnotherBranchOfTheJob()
    {
        await using var host = await TestHost.StartAsync(static app =>
        {
            app.Services.AddSingleton<Ledger>();
            app.Services.AddSingleton<ILedger>(static services => services.GetRequiredService<Ledger>());
        });

        var failure = await Assert.ThrowsAsync<JobAssertionException>(() => host.RunTwiceAsync<BranchesJob>(
            args: null, static services => services.GetRequiredService<Ledger>().Calls, Token));

        Assert.Contains("executed once: [\"a\",\"b\"]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("again after ILedger.AddAndCountAsync: [\"a\",\"a\",\"b\"]", failure.Message, StringComparison.Ordinal);
    }
}

public interface ILedger
{
    int Count { get; }

    Task<int> CountLater { get; }

    void Add(string entry);

    ValueTask AddAsync(string entry);

    ValueTask<int> AddAndCountAsync(string entry);

    Task<T> EchoAsync<T>(T value);

    IAsyncEnumerable<string> ReadAsync(CancellationToken ct = default);

    Task FailAsync();

    bool TryGet(string entry, out int length);
}

public interface IStore<in T>
{
    Task SaveAsync(T value);
}

internal sealed class Store<T> : IStore<T>
{
    public Task SaveAsync(T value) => Task.CompletedTask;
}

/// <summary>Holds each entry once.</summary>
internal sealed class Ledger : ILedger
{
    public SortedSet<string> Entries { get; } = new(StringComparer.Ordinal);

    public List<string> Calls { get; } = [];

    public int Count => Entries.Count;

    public Task<int> CountLater => Task.FromResult(Count);

    public void Add(string entry) => Entries.Add(entry);

    public async ValueTask AddAsync(string entry)
    {
        await Task.Yield();
        Entries.Add(entry);
    }

    public ValueTask<int> AddAndCountAsync(string entry)
    {
        Calls.Add(entry);
        Entries.Add(entry);
        return ValueTask.FromResult(Count);
    }

    public Task<T> EchoAsync<T>(T value) => Task.FromResult(value);

    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        foreach (var entry in Entries)
        {
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    public Task FailAsync() => throw new TimeoutException("The ledger is closed.");

    public bool TryGet(string entry, out int length)
    {
        length = entry.Length;
        return Entries.Contains(entry);
    }
}

internal sealed class LedgerJob(
    ILedger ledger, [FromKeyedServices("keyed")] ILedger keyed, IEnumerable<ILedger> all, IServiceProvider services,
    IStore<List<string>> store, Ledger itself) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        ledger.Add("sync");
        await ledger.AddAsync("value task");
        var count = await ledger.AddAndCountAsync("value task with a result");
        var echo = await ledger.EchoAsync((Count: count, Text: "generic"));
        List<string> read = [];
        await foreach (var entry in ledger.ReadAsync(ct))
            read.Add(entry);
        var fault = await CatchAsync(ledger);
        if (echo != (3, "generic") || read.Count != 3 || ledger.Count != 3 || await ledger.CountLater != 3 || fault is not TimeoutException
            || !ledger.TryGet("sync", out var length) || length != 4)
        {
            return JobResult.PermanentFailure($"The service is another one: {echo}, {read.Count}, {fault}.");
        }
        await keyed.AddAsync("value task");
        await all.Single().AddAsync("value task");
        await services.GetRequiredService<ILedger>().AddAsync("value task");
        await itself.AddAsync("value task");
        await store.SaveAsync(read);
        return JobResult.Success();
    }

    private static async Task<Exception?> CatchAsync(ILedger ledger)
    {
        try
        {
            await ledger.FailAsync();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}

internal sealed class BranchesJob(ILedger ledger) : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        var first = ledger.AddAndCountAsync("a").AsTask();
        await ledger.AddAndCountAsync("b");
        await first;
        return JobResult.Success();
    }
}
