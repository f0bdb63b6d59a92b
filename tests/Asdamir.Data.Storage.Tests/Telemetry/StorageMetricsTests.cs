using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Telemetry;

[NeedsPostgreSql]
public sealed class StorageMetricsOnPostgreSql() : StorageMetricsTests(
    static place => new PostgreSqlJobStorage(
        place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, LeaseTimeout = Lease }))
{
    private protected override string System => "postgresql";

    private protected override bool IsNamespace(string text) => text == $"postgres|{Place.Schema}";

    private protected override long FreeLock() => Random.Shared.NextInt64();
}

public sealed class StorageMetricsOnSqlite() : StorageMetricsTests(
    static place => new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { LeaseTimeout = Lease }))
{
    private protected override string System => "sqlite";

    private protected override bool IsNamespace(string text) => text == Path.GetFileName(Place.File);

    private protected override long FreeLock()
    {
        var key = Random.Shared.NextInt64();
        File.WriteAllText($"{Place.File}-alive-{key:x16}", "");
        return key;
    }
}

public abstract class StorageMetricsTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private protected abstract string System { get; }

    [Fact]
    public async Task Commits_AreTimedAndCounted_HoweverTheyAreGrouped()
    {
        using var measurements = new Measurements(IsNamespace);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => Client.Create(SampleJobs.Text("secret"), new EnqueuedState()), TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var sizes = measurements.Of("asdamir.storage.commit.size");
        var durations = measurements.Of("asdamir.storage.commit.duration");
        Assert.Equal(8, sizes.Sum(static size => size.Value));
        Assert.Equal(sizes.Count, durations.Count);
        Assert.All(durations, static duration => Assert.True(duration.Value > 0));
        Assert.All(sizes, static size => Assert.Equal("{commit}", size.Instrument.Unit));
        Assert.All(durations, static duration => Assert.Equal("s", duration.Instrument.Unit));
        Assert.All(sizes.Concat(durations), measured =>
        {
            Assert.Equal(["db.namespace", "db.system.name"], measured.Tags.Keys.Order());
            Assert.Equal(System, measured.Tags["db.system.name"]);
        });
    }

    [Fact]
    public void RefusedCommit_NamesItsError()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var fetched = Fetch(connection);
        using var locked = connection.AcquireDistributedLock($"job:{id}:state-lock", TimeSpan.Zero);
        Client.Delete(id);
        using var measurements = new Measurements(IsNamespace);
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, WorkerState.Succeeded);

        var thrown = Record.Exception(transaction.Commit);

        Assert.NotNull(thrown);
        var duration = Assert.Single(measurements.Of("asdamir.storage.commit.duration"));
        Assert.Equal(thrown.GetType().FullName, duration.Tags["error.type"]);
    }

    [Fact]
    public async Task Claims_AreTimedAndCounted_AndInFlightUntilTheyEnd()
    {
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var measurements = new Measurements(IsNamespace);
        using var connection = (JobStorageConnection)Storage.GetConnection();
        var fetched = Fetch(connection);

        var size = Assert.Single(measurements.Of("asdamir.storage.claim.size"), static size => size.Value > 0);
        Assert.Equal((1, "{job}"), (size.Value, size.Instrument.Unit));
        Assert.Contains(
            measurements.Of("asdamir.storage.claim.duration"), static duration => duration is { Value: > 0, Instrument.Unit: "s" });
        Assert.Equal(1, measurements.Now("asdamir.storage.jobs.in_flight"));
        fetched.RemoveFromQueue();
        fetched.Dispose();
        Assert.Equal(0, measurements.Now("asdamir.storage.jobs.in_flight"));
        // The thread that commits counts a commit as done just after its caller has the answer.
        await Until.EqualAsync(0, () => measurements.Now("asdamir.storage.commits.waiting"), "the number of commits that wait");
    }

    [Fact]
    public void InFlight_IsOneSum_ForTwoStoragesOnTheSameTables()
    {
        using var other = OpenAnother();
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        using var connection = (JobStorageConnection)other.GetConnection();
        using var fetched = Fetch(connection);
        using var measurements = new Measurements(IsNamespace);

        Assert.Equal(1, measurements.Now("asdamir.storage.jobs.in_flight"));
    }

    [Fact]
    public async Task LeaseOfADeadProcess_IsCounted_ByWhatEndedIt()
    {
        using var measurements = new Measurements(IsNamespace);
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        Rows.Execute($$"""
            INSERT INTO {s}lease (owner, expires_at, timeout, liveness_key)
            SELECT 'dead', expires_at + 600000000, 600000000, {{FreeLock()}}
            FROM {s}lease
            """);
        await Until.EqualAsync(1, () => Rows.Count("{s}lease"), "the number of leases");
        Rows.Execute("INSERT INTO {s}lease (owner, expires_at, timeout) VALUES ('suspended', 0, 5000000)");

        await Until.TrueAsync(() => measurements.Of("asdamir.storage.leases.ended").Count == 2, "both leases are counted");

        var ended = measurements.Of("asdamir.storage.leases.ended");
        Assert.Equal(["lock", "time"], ended.Select(static one => (string)one.Tags["asdamir.reason"]!));
        Assert.All(ended, static one => Assert.Equal((1, "{lease}"), (one.Value, one.Instrument.Unit)));
    }

    [Fact]
    public async Task OwnLease_IsCounted_WhenItIsLost()
    {
        using var measurements = new Measurements(IsNamespace);
        Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        Rows.Execute("DELETE FROM {s}lease");

        await Until.TrueAsync(() => measurements.Of("asdamir.storage.leases.lost").Count == 1, "the lost lease is counted");

        Assert.Empty(measurements.Of("asdamir.storage.leases.ended"));
    }

    private protected abstract bool IsNamespace(string text);

    /// <summary>A lock that no process holds.</summary>
    private protected abstract long FreeLock();
}
