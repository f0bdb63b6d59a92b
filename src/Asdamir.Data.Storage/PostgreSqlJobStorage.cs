using System.Text.RegularExpressions;
using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Sql;
using Hangfire;
using Hangfire.Storage;
using Npgsql;

namespace Asdamir.Data.Storage;

/// <summary>
/// Stores Hangfire's jobs in PostgreSQL 13 or newer: durable, shared by any number of processes. Creating it does not
/// connect; the first use does, and creates or updates the tables.
/// </summary>
public sealed partial class PostgreSqlJobStorage : SqlJobStorage
{
    /// <summary>Creates the storage.</summary>
    /// <param name="connectionString">The Npgsql connection string.</param>
    /// <param name="options">The settings; <see langword="null"/> for the default values.</param>
    /// <exception cref="ArgumentException">The connection string or a setting is invalid; the message names it and the fix.</exception>
    public PostgreSqlJobStorage(string connectionString, PostgreSqlJobStorageOptions? options = null)
        : base(Parts(connectionString, options ?? new PostgreSqlJobStorageOptions()))
    {
    }

    /// <summary>
    /// The same storage inside your transaction: jobs that are enqueued, scheduled or continued through it exist
    /// exactly when your transaction commits. Use it with <c>new BackgroundJobClient(storage.InTransaction(transaction))</c>, on the
    /// thread of the transaction, and only until it ends. A server cannot use it.
    /// </summary>
    /// <param name="transaction">An open transaction on the database of this storage.</param>
    /// <exception cref="ArgumentException">The transaction has ended.</exception>
    public JobStorage InTransaction(NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return CallersTransaction.ConnectionOf(transaction) is null
            ? throw new ArgumentException("The transaction has ended.", nameof(transaction))
            : new TransactionalStorage(this, OpenStorage, new CallersTransaction((PostgreSqlDatabase)Database, transaction));
    }

    /// <summary>
    /// A connection inside your transaction that owns the claim of a job: what is written through it, such as the end of the job, is
    /// written exactly when your transaction commits. Until your transaction ends, no other worker gets the job, so it may be idle for
    /// no longer than half of the lease timeout, unless the session has its own <c>idle_in_transaction_session_timeout</c>. Ask
    /// <see cref="IClaimedJob.WasEndedInTransaction"/> afterwards whether it has.
    /// </summary>
    /// <param name="transaction">An open transaction on the database of this storage.</param>
    /// <param name="claimed">A job claimed from this storage.</param>
    /// <exception cref="ArgumentException">The transaction has ended or is on another database, or the job is not one of this storage.
    /// </exception>
    /// <exception cref="InvalidOperationException">The job was moved away from the claim, see <see cref="IClaimedJob.IsLost"/>; your
    /// transaction was rolled back.</exception>
    public JobStorageConnection InTransaction(NpgsqlTransaction transaction, IClaimedJob claimed)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        if (claimed is not DispatchedJob { Claim: var claim })
            throw new ArgumentException($"The job was claimed from another storage ({claimed.GetType().Name}).", nameof(claimed));
        var joined = (TransactionalStorage)InTransaction(transaction);
        var own = ((PostgreSqlDatabase)Database).Name;
        var other = CallersTransaction.ConnectionOf(transaction)!.Database;
        if (own is not null && own != other)
        {
            throw new ArgumentException(
                $"The transaction is on the database '{other}', and the job is stored in '{own}'. Fix: use a connection to '{own}'.",
                nameof(transaction));
        }
        return joined.Open(claim);
    }

    private static (JobDatabase, EngineSettings, JobSettings) Parts(string connectionString, PostgreSqlJobStorageOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentNullException.ThrowIfNull(options.Retention);
        ArgumentNullException.ThrowIfNull(options.JobName);
        if (!SchemaPattern().IsMatch(options.Schema))
        {
            throw Settings.Invalid(
                nameof(options.Schema), options.Schema, "is not a valid schema name",
                "use 1 to 63 lowercase letters, digits and '_', not starting with a digit");
        }
        Settings.CheckRange(nameof(options.LeaseTimeout), options.LeaseTimeout, LeaseKeeper.ShortestTimeout, LeaseKeeper.LongestTimeout);
        Settings.CheckRange(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Settings.CheckRange(nameof(options.MaxConnections), options.MaxConnections, 8, 1_000);
        return (new PostgreSqlDatabase(connectionString, options),
            new EngineSettings(options.LeaseTimeout, options.PollInterval, HangfireStates.EnqueuedData), new JobSettings(options.JobName));
    }

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaPattern();
}
