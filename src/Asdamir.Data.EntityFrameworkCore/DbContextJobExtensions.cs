using Asdamir.Data.HangfireJobs;
using Microsoft.EntityFrameworkCore;

namespace Asdamir.Data.EntityFrameworkCore;

/// <summary>Enqueues jobs with the changes of a <see cref="DbContext"/>.</summary>
public static class DbContextJobExtensions
{
    /// <summary>
    /// Enqueues a job with the next <c>SaveChanges</c>: it exists exactly when the transaction commits in which that writes, yours or its
    /// own. When <c>SaveChanges</c> fails, it is enqueued with the next one that succeeds, as the changes are saved then.
    /// </summary>
    /// <typeparam name="TArgs">The arguments of one job type.</typeparam>
    /// <param name="db">A context of the database in which the jobs are stored; with <c>UseHangfireJobs</c> in its options.</param>
    /// <param name="args">Creates the arguments after the changes were written, when generated keys are known.</param>
    /// <param name="options">When and how the job starts; <see langword="null"/> (the default) for at once.</param>
    /// <exception cref="InvalidOperationException">The options of the context lack <c>UseHangfireJobs</c>.</exception>
    public static void EnqueueOnSave<TArgs>(this DbContext db, Func<TArgs> args, JobOptions? options = null) where TArgs : notnull
    {
        ArgumentNullException.ThrowIfNull(args);
        PendingJobs.Add(db, new PendingJob(
            jobs => jobs.Enqueue(args(), options), (jobs, ct) => jobs.EnqueueAsync(args(), options, ct)));
    }

    /// <inheritdoc cref="EnqueueOnSave{TArgs}(DbContext, Func{TArgs}, JobOptions)"/>
    /// <param name="args">The arguments.</param>
    public static void EnqueueOnSave<TArgs>(this DbContext db, TArgs args, JobOptions? options = null) where TArgs : notnull
    {
        ArgumentNullException.ThrowIfNull(args);
        db.EnqueueOnSave(() => args, options);
    }

    /// <summary>The same where several job types take these arguments.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <typeparam name="TArgs">Its arguments.</typeparam>
    /// <inheritdoc cref="EnqueueOnSave{TArgs}(DbContext, Func{TArgs}, JobOptions)" path="/param|/exception"/>
    public static void EnqueueOnSave<TJob, TArgs>(this DbContext db, Func<TArgs> args, JobOptions? options = null)
        where TJob : class, IJob<TArgs>
    {
        ArgumentNullException.ThrowIfNull(args);
        PendingJobs.Add(db, new PendingJob(
            jobs => jobs.Enqueue<TJob, TArgs>(args(), options), (jobs, ct) => jobs.EnqueueAsync<TJob, TArgs>(args(), options, ct)));
    }

    /// <summary>The same for a job without arguments.</summary>
    /// <typeparam name="TJob">The job type.</typeparam>
    /// <inheritdoc cref="EnqueueOnSave{TArgs}(DbContext, Func{TArgs}, JobOptions)" path="/param[@name!='args']|/exception"/>
    public static void EnqueueOnSave<TJob>(this DbContext db, JobOptions? options = null) where TJob : class, IJob =>
        PendingJobs.Add(db, new PendingJob(jobs => jobs.Enqueue<TJob>(options), (jobs, ct) => jobs.EnqueueAsync<TJob>(options, ct)));
}
