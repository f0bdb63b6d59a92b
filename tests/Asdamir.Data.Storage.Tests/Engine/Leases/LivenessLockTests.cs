using System.Diagnostics;
using System.Runtime.Versioning;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

[NeedsPostgreSql]
public sealed class LivenessLockOnPostgreSql() : LivenessLockTests(
    static place => new PostgreSqlJobStorage(
        place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, LeaseTimeout = Lease }))
{
    private const string EndConnection = """
        SELECT pg_terminate_backend(pid)
        FROM pg_locks
        JOIN {s}lease ON CAST(classid AS bigint)::bit(64) << 32 | CAST(objid AS bigint)::bit(64) = liveness_key::bit(64)
        WHERE locktype = 'advisory'
        """;

    [Fact]
    public async Task AProcessThatLosesItsConnection_TakesAnotherLock_AndKeepsItsLease()
    {
        using var other = OpenAnother();
        var (first, second) = await UntilBothAreAliveAsync(other);
        var keys = Keys();

        Assert.Equal([true, true], Rows.Query(EndConnection, static row => row.GetBoolean(0)));

        await Until.TrueAsync(
            () => Keys() is { Count: 2 } now && now.All(one => one.Value is { } key && key != keys[one.Key]), "both have another lock");
        await UntilADeadOneEndsAsync();
        Assert.Equal([first, second], Keys().Keys.Order());
    }

    // Of the running server: only it knows that a lock which is not held has been.
    private protected override long FreeLock() => Rows.Value<long>(
        $"SELECT (CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS bigint) & 4294967295) << 32 | {Random.Shared.Next()}");
}

[UnsupportedOSPlatform("windows")]
public sealed class LivenessLockOnSqlite() : LivenessLockTests(
    static place => new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { LeaseTimeout = Lease }))
{
    [Fact]
    public async Task LeaseWhoseLockFileIsMissing_DoesNotEndBeforeItExpires()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        InsertLease("copied", Random.Shared.NextInt64());

        await UntilADeadOneEndsAsync();

        Assert.Equal(1, Rows.Count("{s}lease WHERE owner = 'copied'"));
    }

    [Fact]
    public async Task LockFile_IsDeleted_WhenItsProcessEnds_AndWhenItsLeaseIsEnded()
    {
        using (var other = OpenAnother())
        {
            await UntilBothAreAliveAsync(other);
            InsertLease("dead", FreeLock());
            Assert.Equal(3, LockFiles().Length);
            await Until.TrueAsync(() => LockFiles().Length == 2, "the file of the dead process is deleted");
        }
        Assert.Single(LockFiles());
    }

    [Fact]
    public async Task LockFile_IsForItsOwnerOnly()
    {
        using var other = OpenAnother();
        await UntilBothAreAliveAsync(other);

        Assert.All(LockFiles(), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    private protected override long FreeLock()
    {
        var key = Random.Shared.NextInt64();
        File.WriteAllText($"{Place.File}-alive-{key:x16}", "");
        return key;
    }

    private string[] LockFiles() => Directory.GetFiles(Path.GetDirectoryName(Place.File)!, Path.GetFileName(Place.File) + "-alive-*");
}

/// <summary>Leases last for ten minutes here, so that one which ends within the time of a test did not end by time.</summary>
public abstract class LivenessLockTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    // Until a lease whose lock is free ends, unless it is renewed; on PostgreSQL it is longer.
    private static readonly TimeSpan TimeToTakeAgain = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task LeaseOfAProcessThatIsGone_EndsLongBeforeItExpires_AndThoseOfLivingOnesStay()
    {
        using var other = OpenAnother();
        var (first, second) = await UntilBothAreAliveAsync(other);
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState("gone"));
        var dead = InsertLease("dead", FreeLock());
        Rows.Execute($"UPDATE {{s}}queue SET claimed_by = {dead}, claimed_at = 0 WHERE queue = 'gone'");

        using var connection = (Hangfire.Storage.JobStorageConnection)other.GetConnection();
        using var fetched = Fetch(connection, "gone");

        Assert.Equal(id, fetched.JobId);
        Assert.Equal([first, second], Keys().Keys.Order());
    }

    // A machine that does not get round to a renewal in time is no proof, so it is tried again.
    [Fact]
    public async Task LeaseThatIsRenewed_Stays_AlthoughItsLockIsFree()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        await Until.TrueAsync(
            async () =>
            {
                var beforeIt = Stopwatch.GetTimestamp();
                var id = InsertLease("living", FreeLock());
                using var stop = new CancellationTokenSource();
                var longestPause = RenewAsync(id, beforeIt, stop.Token);
                await UntilADeadOneEndsAsync();
                // While it is still renewed: this test may get no thread for long after that.
                var isThere = Rows.Count($"{{s}}lease WHERE id = {id}") == 1;
                await stop.CancelAsync();
                var wasInTime = await longestPause < TimeToTakeAgain;
                Assert.True(!wasInTime || isThere, "A lease that is renewed was ended.");
                Rows.Execute($"DELETE FROM {{s}}lease WHERE id = {id}");
                return wasInTime;
            },
            "each renewal was in time");
    }

    /// <param name="id">The lease.</param>
    /// <param name="last">A time before its row was there.</param>
    /// <param name="stop">Ends the renewals.</param>
    /// <returns>The longest time without one.</returns>
    private async Task<TimeSpan> RenewAsync(long id, long last, CancellationToken stop)
    {
        var longest = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            // A renewal counts from its begin: it may have been committed long before its answer arrives.
            var begun = Stopwatch.GetTimestamp();
            await Task.Run(
                () => Rows.Execute($"UPDATE {{s}}lease SET expires_at = expires_at + 1 WHERE id = {id}"), CancellationToken.None);
            longest = Longer(longest, Stopwatch.GetElapsedTime(last));
            last = begun;
            await Task.Delay(50, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Also the last one, in which the lease may have ended.
            longest = Longer(longest, Stopwatch.GetElapsedTime(last));
        }
        return longest;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>A lock that no process holds.</summary>
    private protected abstract long FreeLock();

    private protected async Task<(long First, long Second)> UntilBothAreAliveAsync(SqlJobStorage other)
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        await Until.TrueAsync(() => Keys().Values.Count(static key => key is not null) == 1, "the first shows that it is alive");
        var first = Keys().Keys.Single();
        new Hangfire.BackgroundJobClient(other, NoFilters).Create(SampleJobs.Text("x"), new EnqueuedState());
        await Until.TrueAsync(() => Keys().Values.Count(static key => key is not null) == 2, "the second shows that it is alive");
        return (first, Keys().Keys.Single(id => id != first));
    }

    private protected async Task UntilADeadOneEndsAsync()
    {
        InsertLease("dead", FreeLock());
        await Until.TrueAsync(() => Rows.Count("{s}lease WHERE owner = 'dead'") == 0, "the lease of the dead process ends");
    }

    private protected long InsertLease(string owner, long key)
    {
        Rows.Execute($$"""
            INSERT INTO {s}lease (owner, expires_at, timeout, liveness_key)
            SELECT '{{owner}}', expires_at, timeout, {{key}}
            FROM {s}lease
            LIMIT 1
            """);
        return Rows.Query($"SELECT id FROM {{s}}lease WHERE owner = '{owner}'", static row => row.GetInt64(0)).Single();
    }

    private protected Dictionary<long, long?> Keys() =>
        Rows.Query(
            "SELECT id, liveness_key FROM {s}lease",
            static row => KeyValuePair.Create(row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1))).ToDictionary();
}
