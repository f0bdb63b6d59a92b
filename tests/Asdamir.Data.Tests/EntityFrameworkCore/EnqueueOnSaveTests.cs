using System.Data.Common;
using Asdamir.Data.EntityFrameworkCore;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Asdamir.Data.Tests.EntityFrameworkCore;

[NeedsPostgreSql]
public sealed class EnqueueOnSaveTests : IAsyncLifetime
{
    private JobHost _host = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        var server = await SharedPostgres.GetAsync();
        var name = $"shop{Guid.NewGuid():n}";
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        _database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ToString();
        // Before the tables of the jobs: in a database that has tables it creates none.
        await using (var db = new Shop(new DbContextOptionsBuilder<Shop>().UseNpgsql(_database).Options))
            await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        _host = await JobHost.StartClientAsync(
            static jobs => jobs.AddJob<SendInvoiceJob>().AddJob<CountJob>(),
            options => options.Storage = new() { Provider = "PostgreSql", ConnectionString = _database },
            services => services.AddDbContext<Shop>(options =>
                options.UseNpgsql(_database, static npgsql => npgsql.EnableRetryOnFailure()).UseHangfireJobs()));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_IsEnqueuedWithTheChanges_AndKnowsTheGeneratedKey(bool awaits)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        var order = new Order { Number = "A" };
        db.Add(order);
        db.EnqueueOnSave(() => new SendInvoice(order.Id));
        db.EnqueueOnSave<CountJob>();
        Assert.Empty(Jobs());

        await SaveAsync(db, awaits);

        Assert.NotEqual(0, order.Id);
        Assert.Equal(["", $$"""{"invoiceId":{{order.Id}}}"""], Jobs().Order(StringComparer.Ordinal));
        Assert.Equal(AutoTransactionBehavior.WhenNeeded, db.Database.AutoTransactionBehavior);

        await SaveAsync(db, awaits);
        Assert.Equal(2, Jobs().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_IsNotThere_WhenSavingFails_AndIsEnqueuedWithTheNextSave(bool awaits)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        db.Add(new Order { Number = "A" });
        await SaveAsync(db, awaits);
        var order = new Order { Number = "A" };
        db.Add(order);
        db.EnqueueOnSave(() => new SendInvoice(order.Id));

        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(db, awaits));
        Assert.Empty(Jobs());
        order.Number = "B";
        await SaveAsync(db, awaits);

        Assert.Equal([$$"""{"invoiceId":{{order.Id}}}"""], Jobs());
    }

    [Fact]
    public async Task Changes_AreNotSaved_WhenTheJobCannotBeEnqueued()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        db.Add(new Order { Number = "A" });
        db.EnqueueOnSave(new NoJobTakesThis());

        await Assert.ThrowsAsync<InvalidOperationException>(() => SaveAsync(db, awaits: true));

        Assert.Equal(0, await scope.ServiceProvider.GetRequiredService<Shop>().Orders.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Job_BelongsToYourTransaction_WhenYouBeganOne()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var undone = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            db.EnqueueOnSave(new SendInvoice(1));
            await SaveAsync(db, awaits: true);
            await undone.RollbackAsync(TestContext.Current.CancellationToken);
        });
        Assert.Empty(Jobs());
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var done = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            db.EnqueueOnSave(new SendInvoice(2));
            await SaveAsync(db, awaits: true);
            Assert.Empty(Jobs());
            await done.CommitAsync(TestContext.Current.CancellationToken);
        });

        Assert.Equal(["""{"invoiceId":2}"""], Jobs());
    }

    [Fact]
    public async Task Job_IsEnqueued_WhenNothingElseChanged()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        db.EnqueueOnSave(new SendInvoice(3));

        await SaveAsync(db, awaits: true);

        Assert.Equal(["""{"invoiceId":3}"""], Jobs());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_IsEnqueuedOnce_WhenTheNextOneCannotBeEnqueuedAtFirst(bool awaits)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop>();
        var isReady = false;
        db.EnqueueOnSave(new SendInvoice(1));
        db.EnqueueOnSave(() => isReady ? new SendInvoice(2) : throw new TimeoutException("not yet"));

        await Assert.ThrowsAsync<TimeoutException>(() => SaveAsync(db, awaits));
        isReady = true;
        await SaveAsync(db, awaits);

        Assert.Equal(["{\"invoiceId\":1}", "{\"invoiceId\":2}"], Jobs().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_IsEnqueuedOnce_WhenItsConnectionIsKilledBeforeTheCommit(bool awaits)
    {
        var kill = new KillBeforeCommit(await SharedPostgres.GetAsync());
        await using var db = new Shop((DbContextOptions<Shop>)new DbContextOptionsBuilder<Shop>()
            .UseNpgsql(_database, static npgsql => npgsql.EnableRetryOnFailure()).UseHangfireJobs(_host.Jobs).AddInterceptors(kill)
            .Options);
        var order = new Order { Number = "A" };
        db.Add(order);
        db.EnqueueOnSave(() => new SendInvoice(order.Id));

        await SaveAsync(db, awaits);

        Assert.Equal(2, kill.Commits);
        Assert.Equal([$$"""{"invoiceId":{{order.Id}}}"""], Jobs());
        Assert.Equal([order.Id], await db.Orders.Select(static saved => saved.Id).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Context_WithoutTheInterceptor_SaysWhatToCall()
    {
        using var db = new Shop(new DbContextOptionsBuilder<Shop>().UseNpgsql(_database).Options);

        var error = Assert.Throws<InvalidOperationException>(() => db.EnqueueOnSave(new SendInvoice(1)));

        Assert.Contains("UseHangfireJobs()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobsElsewhere_AreRefused_AndNothingIsSaved()
    {
        using var folder = new TemporaryFolder();
        await using var host = await JobHost.StartClientAsync(
            static jobs => jobs.AddJob<SendInvoiceJob>(),
            options => options.Storage = new() { Provider = "Sqlite", ConnectionString = folder.Sqlite() });
        await using var db = new Shop(
            (DbContextOptions<Shop>)new DbContextOptionsBuilder<Shop>().UseNpgsql(_database).UseHangfireJobs(host.Jobs).Options);
        db.Add(new Order { Number = "A" });
        db.EnqueueOnSave(new SendInvoice(1));

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => SaveAsync(db, awaits: true));

        Assert.Contains("Storage:Provider to PostgreSql", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await db.Orders.CountAsync(TestContext.Current.CancellationToken));
    }

    private static async Task SaveAsync(Shop db, bool awaits)
    {
        if (awaits)
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        else
            db.SaveChanges();
    }

    // The arguments of the stored jobs.
    private List<string> Jobs() =>
    [
        .. ((IJobSearch)_host.Storage).Find(new JobQuery()).Jobs.Select(static job =>
            StoredEnvelope.TryRead(job.Invocation, out _, out var payload)
                ? JobPayload.ArgumentsOf(payload) ?? ""
                : "?"),
    ];

    private sealed class Order
    {
        public int Id { get; set; }

        public string Number { get; set; } = "";
    }

    private sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) =>
            modelBuilder.Entity<Order>().HasIndex(static order => order.Number).IsUnique();
    }

    private sealed record SendInvoice(int InvoiceId);

    private sealed record NoJobTakesThis;

    /// <summary>Ends the connection of the first transaction that is about to commit, after the job was enqueued in it.</summary>
    private sealed class KillBeforeCommit(PostgresServer server) : DbTransactionInterceptor
    {
        public int Commits { get; private set; }

        public override InterceptionResult TransactionCommitting(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
        {
            KillFirstAsync(transaction).GetAwaiter().GetResult();
            return result;
        }

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            await KillFirstAsync(transaction);
            return result;
        }

        private async Task KillFirstAsync(DbTransaction transaction)
        {
            var connection = (NpgsqlConnection)transaction.Connection!;
            await using (var jobs = new NpgsqlCommand("SELECT count(*) FROM hangfire.job", connection, (NpgsqlTransaction)transaction))
                Assert.Equal(1L, await jobs.ExecuteScalarAsync());
            if (++Commits > 1)
                return;
            await server.ExecuteAsync($"SELECT pg_terminate_backend({connection.ProcessID})");
            await Until.TrueAsync(
                async () =>
                {
                    await using var left = server.Database.CreateCommand(
                        $"SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = {connection.ProcessID})");
                    return (bool)(await left.ExecuteScalarAsync())!;
                },
                "the connection is gone");
        }
    }

    private sealed class SendInvoiceJob : IJob<SendInvoice>
    {
        public Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }

    private sealed class CountJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
