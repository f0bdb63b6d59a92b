using System.Runtime.CompilerServices;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public sealed record ShipOrder(decimal Amount);

public sealed record Charge(string Id);

public interface IGateway
{
    Task<Charge> ChargeAsync(decimal amount, string key, CancellationToken ct);
}

public interface IMail
{
    Task SendAsync(string text, CancellationToken ct);
}

public interface IFeed
{
    IAsyncEnumerable<long> ReadAfterAsync(long row, CancellationToken ct);

    Task StoreAsync(long row, CancellationToken ct);
}

public sealed class World : IGateway, IMail, IFeed
{
    public List<string> Done { get; } = [];

    public Task<Charge> ChargeAsync(decimal amount, string key, CancellationToken ct)
    {
        Done.Add("charge");
        return Task.FromResult(new Charge("c-1"));
    }

    public Task SendAsync(string text, CancellationToken ct)
    {
        Done.Add(text);
        return Done.Count(done => done == text) == 1 ? throw new TimeoutException("no mail server") : Task.CompletedTask;
    }

    public async IAsyncEnumerable<long> ReadAfterAsync(long row, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = row + 1; next <= 3; next++)
        {
            await Task.Yield();
            yield return next;
        }
    }

    public Task StoreAsync(long row, CancellationToken ct)
    {
        Done.Add($"row {row}");
        return row == 2 && Done.Count(done => done == "row 2") == 1 ? throw new TimeoutException("no database") : Task.CompletedTask;
    }
}

//<example 1>

//<example 2>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        World world = new();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Retry:BaseDelay"] = "00:00:00";
        builder.Services.AddSingleton<IGateway>(world).AddSingleton<IMail>(world).AddSingleton<IFeed>(world);
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<ShipOrderJob>().AddJob<ImportJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        await ExampleContext.WaitForSuccessAsync(jobs, jobs.Enqueue<ShipOrderJob, ShipOrder>(new(12.50m)));
        await ExampleContext.WaitForSuccessAsync(jobs, jobs.Enqueue<ImportJob>());

        Xunit.Assert.Equal(["charge", "Paid with c-1", "Paid with c-1", "row 1", "row 2", "row 2", "row 3"], world.Done);
    }
}
