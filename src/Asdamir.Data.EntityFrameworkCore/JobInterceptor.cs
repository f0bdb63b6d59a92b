using System.Data.Common;
using Asdamir.Data.HangfireJobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.EntityFrameworkCore;

/// <summary>
/// Enqueues pending jobs in the transaction of <c>SaveChanges</c>: right before that commits its own transaction, or after it has written
/// into yours. A save that is tried again by an execution strategy enqueues them again, in its new transaction.
/// </summary>
internal sealed class JobInterceptor(IHangfireJobService? jobs) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public static bool IsUsedBy(DbContext db) => CoreOf(db)?.Interceptors?.OfType<JobInterceptor>().Any() == true;

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Begin(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        if (PendingJobs.Of(eventData.Context) is not { IsSaving: true } pending)
            return result;
        pending.RemoveEnqueued();
        var service = ServiceIn(eventData.Context!);
        while (pending.First is { } job)
        {
            job.Enqueue(service);
            pending.RemoveFirst();
        }
        End(eventData.Context!, pending);
        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (PendingJobs.Of(eventData.Context) is not { IsSaving: true } pending)
            return result;
        pending.RemoveEnqueued();
        var service = ServiceIn(eventData.Context!);
        while (pending.First is { } job)
        {
            await job.EnqueueAsync(service, cancellationToken).ConfigureAwait(false);
            pending.RemoveFirst();
        }
        End(eventData.Context!, pending);
        return result;
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => Fail(eventData.Context);

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Fail(eventData.Context);
        return Task.CompletedTask;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => Fail(eventData.Context);

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Fail(eventData.Context);
        return Task.CompletedTask;
    }

    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        if (PendingJobs.Of(eventData.Context) is not { IsSaving: true } pending)
            return result;
        var service = ServiceOf(eventData.Context!).InTransaction(transaction);
        pending.Enqueued = 0;
        using var shown = new GeneratedValues(eventData.Context!);
        foreach (var job in pending.Jobs)
            job.Enqueue(service);
        pending.Enqueued = pending.Jobs.Count;
        return result;
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (PendingJobs.Of(eventData.Context) is not { IsSaving: true } pending)
            return result;
        var service = ServiceOf(eventData.Context!).InTransaction(transaction);
        pending.Enqueued = 0;
        using var shown = new GeneratedValues(eventData.Context!);
        foreach (var job in pending.Jobs)
            await job.EnqueueAsync(service, cancellationToken).ConfigureAwait(false);
        pending.Enqueued = pending.Jobs.Count;
        return result;
    }

    private static void Begin(DbContext? db)
    {
        if (PendingJobs.Of(db) is not { Jobs.Count: > 0 } pending)
            return;
        if (db!.Database.CurrentTransaction is null && System.Transactions.Transaction.Current is not null)
        {
            throw new NotSupportedException(
                "Jobs cannot join an ambient transaction (TransactionScope). Fix: begin the transaction with "
                    + "db.Database.BeginTransaction().");
        }
        pending.IsSaving = true;
        pending.Enqueued = 0;
        pending.Transactions = db.Database.AutoTransactionBehavior;
        // A single statement would be saved without a transaction.
        db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    private static void Fail(DbContext? db)
    {
        if (PendingJobs.Of(db) is { IsSaving: true } pending)
            End(db!, pending);
    }

    private static void End(DbContext db, PendingJobs pending)
    {
        pending.IsSaving = false;
        pending.Enqueued = 0;
        db.Database.AutoTransactionBehavior = pending.Transactions;
    }

    // Without changes there is no transaction to join, unless it is yours.
    private IHangfireJobService ServiceIn(DbContext db) => db.Database.CurrentTransaction is { } open
        ? ServiceOf(db).InTransaction(open.GetDbTransaction())
        : ServiceOf(db);

    private IHangfireJobService ServiceOf(DbContext db) =>
        jobs ?? CoreOf(db)?.ApplicationServiceProvider?.GetService<IHangfireJobService>()
            ?? throw new InvalidOperationException(
                $"{db.GetType().Name} does not know the service that enqueues jobs. Fix: register it with AddDbContext in an app with "
                    + "AddCoreHangfireJobs(…), or hand the service in with UseHangfireJobs(jobs).");

    private static CoreOptionsExtension? CoreOf(DbContext db) =>
        db.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
}
