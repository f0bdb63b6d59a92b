using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public interface ILedger
{
    Task<int> ReconcileAsync(CancellationToken ct);
}

public sealed class Ledger : ILedger
{
    public Task<int> ReconcileAsync(CancellationToken ct) => Task.FromResult(128);
}

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Services.AddScoped<ILedger, Ledger>();
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<NightlyReconcileJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        var id = jobs.Enqueue<NightlyReconcileJob>();

        await ExampleContext.WaitForSuccessAsync(jobs, id);
        Xunit.Assert.Contains("128", jobs.Find(id)!.ResultJson);
    }
}
