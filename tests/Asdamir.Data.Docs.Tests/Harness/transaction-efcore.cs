using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

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
        var database = await ExampleContext.CreateDatabaseAsync();
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Storage:Provider"] = "PostgreSql";
        builder.Configuration["HangfireJobs:Storage:ConnectionString"] = database;
        builder.Services.AddDbContext<Shop>(options => options.UseNpgsql(database));
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<SendInvoiceJob>();
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        await db.Database.EnsureCreatedAsync();
        await app.StartAsync(ExampleContext.Cancellation);

        await EnqueueAsync(db, app.Services.GetRequiredService<IHangfireJobService>(), new Order { Id = 42 });

        Xunit.Assert.Equal(42, await SendInvoiceJob.Sent.Task.WaitAsync(Kit.Until.Limit));
    }

    private static async Task EnqueueAsync(Shop db, IHangfireJobService jobs, Order order)
    {
        //<example 1>
    }
}
