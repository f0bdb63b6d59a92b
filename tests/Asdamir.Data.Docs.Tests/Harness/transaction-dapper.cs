using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Dapper;
using Npgsql;

public sealed record SendInvoice(int InvoiceId);

public sealed class SendInvoiceJob : IJob<SendInvoice>
{
    public static TaskCompletionSource<int> Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default)
    {
        Sent.TrySetResult(args.InvoiceId);
        return Task.FromResult(JobResult.Success());
    }
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var database = await ExampleContext.CreateDatabaseAsync();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "PostgreSql";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = database;
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SendInvoiceJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        await using var dataSource = NpgsqlDataSource.Create(database);
        await using (var create = dataSource.CreateCommand("create table orders (id int)"))
            await create.ExecuteNonQueryAsync();

        await EnqueueAsync(dataSource, jobs, id: 42);

        Xunit.Assert.Equal(42, await SendInvoiceJob.Sent.Task.WaitAsync(Kit.Until.Limit));
    }

    private static async Task EnqueueAsync(NpgsqlDataSource dataSource, IHangfireJobService jobs, int id)
    {
        //<example 1>
    }
}
