using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Asdamir.Data.EntityFrameworkCore;

/// <summary>A job that a context enqueues with its changes.</summary>
internal sealed record PendingJob(
    Func<IHangfireJobService, string> Enqueue, Func<IHangfireJobService, CancellationToken, Task<string>> EnqueueAsync);

/// <summary>The jobs of one context that are not saved, in the order in which they were added.</summary>
internal sealed class PendingJobs
{
    private static readonly ConditionalWeakTable<DbContext, PendingJobs> All = [];

    // A pooled context is another one after it was returned.
    private readonly DbContextId _of;
    private readonly List<PendingJob> _jobs = [];

    private PendingJobs(DbContextId of) => _of = of;

    public IReadOnlyList<PendingJob> Jobs => _jobs;

    public PendingJob? First => _jobs.FirstOrDefault();

    /// <summary>How many are already in the transaction that <c>SaveChanges</c> is about to commit.</summary>
    public int Enqueued { get; set; }

    /// <summary>Whether <c>SaveChanges</c> is under way.</summary>
    public bool IsSaving { get; set; }

    /// <summary>The setting of the context before <c>SaveChanges</c>.</summary>
    public AutoTransactionBehavior Transactions { get; set; }

    public static void Add(DbContext db, PendingJob job)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (!JobInterceptor.IsUsedBy(db))
        {
            throw new InvalidOperationException(
                $"{db.GetType().Name} does not enqueue jobs with its changes. Fix: call UseHangfireJobs() on its options, as in "
                    + "AddDbContext<…>(options => options.UseNpgsql(…).UseHangfireJobs()).");
        }
        (Of(db) ?? Renew(db))._jobs.Add(job);
    }

    /// <returns><see langword="null"/> when the context has none.</returns>
    public static PendingJobs? Of(DbContext? db) =>
        db is not null && All.TryGetValue(db, out var pending) && pending._of == db.ContextId ? pending : null;

    public void RemoveFirst() => _jobs.RemoveAt(0);

    /// <summary>The transaction has committed.</summary>
    public void RemoveEnqueued()
    {
        _jobs.RemoveRange(0, Enqueued);
        Enqueued = 0;
    }

    private static PendingJobs Renew(DbContext db)
    {
        var pending = new PendingJobs(db.ContextId);
        All.AddOrUpdate(db, pending);
        return pending;
    }
}
