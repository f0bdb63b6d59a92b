using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

[NeedsPostgreSql]
public sealed class ClockJumpOnPostgreSql() : ClockJumpTests(
    static (place, lease) =>
        new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema, LeaseTimeout = lease }));

public sealed class ClockJumpOnSqlite() : ClockJumpTests(
    static (place, lease) => new SqliteJobStorage($"Data Source={place.File}", new SqliteJobStorageOptions { LeaseTimeout = lease }));

/// <summary>
/// Two processes that are alive, and a clock that jumps. What a jump by an hour does to times that were stored before it, the
/// tests do to the rows.
/// </summary>
[Slow]
public abstract class ClockJumpTests(Func<Place, TimeSpan, SqlJobStorage> open) : OwnStorageTests(place => open(place, Lease))
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly GatedWork _work = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task LivingProcesses_KeepTheirJobs_WhenTheClockJumps(int hours)
    {
        using var other = OpenAnother();
        using var one = StartServer(Storage);
        using var two = StartServer(other);
        var ids = new[] { Enqueue(), Enqueue() };
        await Until.TrueAsync(() => _work.Runs == 2, "both run");
        var leases = Leases();
        Assert.Equal(2, leases.Count);
        // Renewals before the jump say nothing about the time after it.
        await UntilRenewedAsync(leases, times: 3);

        Rows.Execute($"UPDATE {{s}}lease SET expires_at = expires_at + {hours} * 3600000000");
        await UntilRenewedAsync(leases, times: 4);
        _work.Open();

        foreach (var id in ids)
            await Until.TrueAsync(() => StateOf(id) == SucceededState.StateName, $"{id} succeeds", () => $"it is {StateOf(id)}");
        Assert.Equal(leases.Keys, Leases().Keys);
        Assert.Equal(2, _work.Runs);
    }

    [Fact]
    public async Task AProcessWithALongerTimeout_KeepsItsLease_WhenTheClockJumps()
    {
        using var patient = open(Place, TimeSpan.FromSeconds(40));
        using var impatientServer = StartServer(Storage);
        await Until.TrueAsync(() => Leases().Count == 1, "the first process has a lease");
        var impatient = Leases().Keys.Single();
        using var patientServer = StartServer(patient);
        await Until.TrueAsync(() => Leases().Count == 2, "the second process has a lease");
        var lease = Leases().Keys.Single(id => id != impatient);

        Rows.Execute("UPDATE {s}lease SET expires_at = expires_at - 3600000000");

        await UntilRenewedAsync(new Dictionary<long, long> { [lease] = Leases()[lease] }, times: 1);
    }

    // It renews its lease less often than this process takes for dead.
    [Fact]
    public async Task AProcessOfAnOlderPackage_KeepsItsLease_WhenItsTimeoutIsLonger()
    {
        using var server = StartServer(Storage);
        await Until.TrueAsync(() => Leases().Count == 1, "the process has a lease");
        var leases = Leases();
        Rows.Execute("INSERT INTO {s}lease (owner, expires_at) SELECT 'old', expires_at + 600000000 FROM {s}lease");

        await UntilRenewedAsync(leases, times: 10);

        Assert.Equal(1, Rows.Count("{s}lease WHERE owner = 'old'"));
    }

    [Fact]
    public async Task LeaseOfAProcessThatIsGone_Ends_WhenTheClockWasSetBack()
    {
        using var server = StartServer(Storage);
        await Until.TrueAsync(() => Leases().Count == 1, "the process has a lease");
        Rows.Execute(
            $"INSERT INTO {{s}}lease (owner, expires_at, timeout) SELECT 'dead', expires_at + 3600000000, timeout FROM {{s}}lease");

        await Until.TrueAsync(() => Leases().Count == 1, "the lease of the dead process ends");
        Assert.Equal(1, Rows.Count("{s}lease WHERE owner <> 'dead'"));
    }

    [Fact]
    public async Task AServerThatIsAlive_Continues_WhenTheClockJumpedBeyondItsTimeout()
    {
        using var server = StartServer(Storage);
        var id = Enqueue();
        await Until.TrueAsync(() => _work.Runs == 1, "it runs");
        var name = Storage.GetMonitoringApi().Servers().Single().Name;

        using (var other = OpenAnother())
        using (var connection = other.GetConnection())
        {
            // Its next heartbeat may come between the two.
            await Until.TrueAsync(
                () => Rows.Execute("UPDATE {s}server SET heartbeat_at = heartbeat_at - 3600000000") == 1
                    && connection.RemoveTimedOutServers(TimeSpan.FromMinutes(5)) == 1,
                "the server is removed");
        }

        await Until.TrueAsync(() => Storage.GetMonitoringApi().Servers().Count == 1, "the server is there again");
        Assert.Equal(name, Storage.GetMonitoringApi().Servers().Single().Name);
        _work.Open();
        await Until.TrueAsync(() => StateOf(id) == SucceededState.StateName, $"{id} succeeds", () => $"it is {StateOf(id)}");
        Assert.False(_work.WasCancelled);
        Assert.Equal(1, _work.Runs);
    }

    [Fact]
    public void AJobWhoseLockIsLeftOver_CanBeChanged_WhenTheClockWasSetBack()
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        Rows.Execute($"UPDATE {{s}}job SET locked_until = {Micros(DateTime.UtcNow.AddMinutes(30))}");

        using var connection = Storage.GetConnection();
        using var held = connection.AcquireDistributedLock($"job:{id}:state-lock", TimeSpan.FromSeconds(60));
        Assert.NotNull(connection.GetJobData(id));
    }

    private string Enqueue() =>
        Client.Create(Job.FromExpression(() => GatedWork.Wait(_work.Tag, CancellationToken.None)), new EnqueuedState());

    private static BackgroundJobServer StartServer(JobStorage storage)
    {
        // The tables exist when it returns.
        using (storage.GetConnection())
        {
            var options = new BackgroundJobServerOptions
            {
                WorkerCount = 1,
                HeartbeatInterval = TimeSpan.FromSeconds(1),
                CancellationCheckInterval = TimeSpan.FromMilliseconds(200),
            };
            return new BackgroundJobServer(options, storage);
        }
    }

    private string? StateOf(string id) => Storage.GetMonitoringApi().JobDetails(id).History.FirstOrDefault()?.StateName;

    // What the storage does is seen by its rows only: it does not announce that it has renewed a lease.
    private async Task UntilRenewedAsync(IReadOnlyDictionary<long, long> leases, int times)
    {
        var last = Leases();
        var renewals = leases.Keys.ToDictionary(static id => id, static _ => 0);
        await Until.TrueAsync(
            () =>
            {
                var now = Leases();
                foreach (var id in leases.Keys)
                {
                    Assert.True(now.ContainsKey(id), $"The lease {id} was ended although its process is alive.");
                    if (now[id] != last.GetValueOrDefault(id))
                        renewals[id]++;
                }
                last = now;
                return renewals.Values.All(count => count >= times);
            },
            $"the leases are renewed {times} times",
            () => string.Join(", ", renewals));
    }

    private Dictionary<long, long> Leases() =>
        Rows.Query("SELECT id, expires_at FROM {s}lease ORDER BY id", static row => KeyValuePair.Create(row.GetInt64(0), row.GetInt64(1)))
            .ToDictionary();

    private static long Micros(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
