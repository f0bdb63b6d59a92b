using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.EntityFrameworkCore;
using Asdamir.Data.HangfireJobs;
using Microsoft.EntityFrameworkCore;

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

public sealed class Order
{
    public int Id { get; set; }
}

public sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var connectionString = await ExampleContext.CreateDatabaseAsync();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "PostgreSql";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = connectionString;
        //<example 1>
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SendInvoiceJob>();
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        await db.Database.EnsureCreatedAsync();
        await app.StartAsync(ExampleContext.Cancellation);

        var order = new Order();
        await SaveAsync(db, order);

        Xunit.Assert.Equal(order.Id, await SendInvoiceJob.Sent.Task.WaitAsync(Kit.Until.Limit));
    }

    private static async Task SaveAsync(Shop db, Order order)
    {
        //<example 2>
    }
}
