using System.Diagnostics;
using System.Security.Cryptography;
using Hangfire;
using Npgsql;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>A PostgreSQL database that cannot be used: the error names what and where, and all work continues when it is back.</summary>
public sealed class UnavailableTests(FaultServer server) : IClassFixture<FaultServer>, IDisposable
{
    private readonly FaultProxy _proxy = new(server.ConnectionString);

    [Fact]
    public async Task UnreachableDatabase_IsNamedAtTheFirstUse_AndUsedWhenItIsBack()
    {
        var place = NewPlace();
        _proxy.IsDown = true;
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        using var background = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);

        Assert.Contains(
            "check that the server is up",
            Refusals.Of(() => client.Enqueue(() => Jobs.Run(place.Schema, 0)), fault: JobStorageFault.Unreachable),
            StringComparison.Ordinal);
        _proxy.IsDown = false;

        client.Enqueue(() => Jobs.Run(place.Schema, 1));
        await UntilSucceededAsync(place, 1);
    }

    [Fact]
    public async Task DatabaseThatGoesAway_IsNamed_AndWaitingJobsAreExecutedWhenItIsBack()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        using var background = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 4, SchedulePollingInterval = TimeSpan.FromSeconds(1) }, storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        client.Schedule(() => Jobs.Run(place.Schema, 1), TimeSpan.FromSeconds(1));
        _proxy.IsDown = true;
        _proxy.Cut();

        // No call can find out now what became of the one that was sent on a broken connection; all others are certain.
        Assert.IsType<JobStorageUnavailableException>(Refusals.Record(() => client.Enqueue(() => Jobs.Run(place.Schema, 2))));
        Refusals.Of(() => client.Enqueue(() => Jobs.Run(place.Schema, 2)));
        Refusals.Of(() => storage.GetConnection().AcquireDistributedLock("any", TimeSpan.Zero));
        Refusals.Of(() => storage.GetConnection().GetJobData("1"));
        Refusals.Of(() => storage.GetMonitoringApi().GetStatistics());
        _proxy.IsDown = false;

        client.Enqueue(() => Jobs.Run(place.Schema, 3));
        await UntilSucceededAsync(place, 3);
        Assert.Equal(3, Jobs.Executions(place.Schema));
    }

    [Fact]
    public async Task ReadOnlyDatabase_IsNamed_AndWrittenWhenItIsWritableAgain()
    {
        var database = NewDatabase();
        var place = new PostgreSqlPlace(server, $"{server.ConnectionString};Database={database}");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        place.Execute($"ALTER DATABASE {database} SET default_transaction_read_only = on");
        place.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");

        // No call can find out here what became of the one that was sent on a broken connection; all others are certain.
        Assert.IsType<JobStorageUnavailableException>(Refusals.Record(() => client.Enqueue(() => Jobs.Run(place.Schema, 1))));
        Assert.Contains(
            "read-only", Refusals.Of(() => client.Enqueue(() => Jobs.Run(place.Schema, 1)), database, JobStorageFault.ReadOnly),
            StringComparison.Ordinal);
        Assert.Contains(
            "read-only", Refusals.Of(() => storage.GetConnection().AcquireDistributedLock("any", TimeSpan.Zero), database),
            StringComparison.Ordinal);

        place.Execute($"ALTER DATABASE {database} RESET default_transaction_read_only");
        place.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
        await Until.TrueAsync(() => Succeeds(() => client.Enqueue(() => Jobs.Run(place.Schema, 2))), "it is written again");
        Assert.Equal(2, storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public async Task FullDisk_IsNamed_AndNothingIsLostWhenThereIsRoomAgain()
    {
        using var disk = SmallDisk.TryMount();
        await using var own = new PostgresServer();
        await own.StartAsync();
        var place = new PostgreSqlPlace(own);
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        Fill(place, disk);

        List<string> returned = [];
        var refusal = Refusals.Of(
            () =>
            {
                while (returned.Count < 5_000)
                    returned.Add(client.Enqueue(() => Jobs.Big(place.Schema, Convert.ToHexString(RandomNumberGenerator.GetBytes(3_000)))));
            },
            fault: JobStorageFault.DiskFull);
        Assert.Contains("No space left", refusal, StringComparison.Ordinal);
        using var background = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);
        Refusals.Of(() => client.Enqueue(() => Jobs.Big(place.Schema, Convert.ToHexString(RandomNumberGenerator.GetBytes(30_000)))));
        Empty(place, disk);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));
        await UntilSucceededAsync(place, returned.Count + 2);
        Assert.Equal(returned.Count + 2, place.Count("{s}job"));
    }

    [Fact]
    public void ServerWithoutFreeConnections_IsNamed()
    {
        using var admin = new NpgsqlConnection(server.ConnectionString);
        admin.Open();
        Execute(
            admin, $"CREATE ROLE few LOGIN CONNECTION LIMIT 2 PASSWORD '{Refusals.Password}'; GRANT CREATE ON DATABASE postgres TO few");
        var place = new PostgreSqlPlace(server, $"{server.ConnectionString};Username=few;Password={Refusals.Password}");
        List<NpgsqlConnection> taken = [new(place.ConnectionString + ";Pooling=False"), new(place.ConnectionString + ";Pooling=False")];
        taken.ForEach(static connection => connection.Open());
        using var storage = place.Open();

        Assert.Contains(
            "too many connections",
            Refusals.Of(
                () => new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0)), "role", JobStorageFault.Overloaded),
            StringComparison.Ordinal);
        taken.ForEach(static connection => connection.Dispose());

        Assert.NotNull(new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 1)));
    }

    [Fact]
    public async Task PoolThatIsTooSmall_DelaysAndLosesNothing()
    {
        var place = new PostgreSqlPlace(server, $"{server.ConnectionString};Maximum Pool Size=4");
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < 100; i++)
            client.Enqueue(() => Jobs.Run(place.Schema, i));
        using var background = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 20 }, storage);
        await UntilSucceededAsync(place, 100);
        Assert.Equal(100, Jobs.Executions(place.Schema));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServerWhoseDatabaseIsGone_UsesNextToNoProcessorTime(bool wasThere)
    {
        await using var own = new PostgresServer();
        await own.StartAsync();
        await using var site = new Site(new PostgreSqlPlace(own), leaseSeconds: 30);
        if (!wasThere)
            await own.StopImmediatelyAsync();
        var worker = await site.StartWorkerAsync(threads: 20);
        if (wasThere)
        {
            await Until.TrueAsync(() => Succeeds(() => Assert.Equal(1, site.Place.Count("{s}lease"))), "it has started");
            await own.StopImmediatelyAsync();
        }
        // The first errors are formatted and logged with all that is compiled for it; after them there is nothing to do.
        var before = worker.CpuTime;
        var clock = Stopwatch.StartNew();
        var share = 1.0;
        Assert.InRange(before, TimeSpan.FromMilliseconds(50), TimeSpan.MaxValue);
        await Until.TrueAsync(
            () =>
            {
                if (clock.Elapsed < TimeSpan.FromSeconds(5))
                    return false;
                share = (worker.CpuTime - before) / clock.Elapsed;
                before = worker.CpuTime;
                clock = Stopwatch.StartNew();
                return share < 0.05;
            },
            "it uses less than a twentieth of a core for five seconds",
            () => $"{share:P1} of a core, after {before.TotalSeconds:F1} s");
        await own.StartAgainAsync();
        using (var storage = site.Place.Open())
            new BackgroundJobClient(storage).Enqueue(() => Apps.Storage.Work.Run(0, 0, null!));
        await Until.TrueAsync(() => site.Ended.Count == 1, "the worker works again", () => site.Logs);
    }

    [Fact]
    public async Task Server_Ends_AlthoughItsDatabaseIsGone()
    {
        await using var own = new PostgresServer();
        await own.StartAsync();
        await using var site = new Site(new PostgreSqlPlace(own));
        var worker = await site.StartWorkerAsync(threads: 4);
        await Until.TrueAsync(() => Succeeds(() => Assert.Equal(1, site.Place.Count("{s}lease"))), "it has started");
        await own.StopImmediatelyAsync();

        await worker.StopAsync();

        Assert.Equal(0, worker.ExitCode);
    }

    [Fact]
    public async Task Storage_Ends_AlthoughNothingAnswers()
    {
        var place = NewPlace();
        var storage = place.Open();
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.Schema, 0));
        _proxy.Decide = static _ => Fault.HangAnswer;

        await Task.Run(storage.Dispose, TestContext.Current.CancellationToken)
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task BrokenConnections_CostNoMoreThanOneCall()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        // Fills the pool.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => storage.GetMonitoringApi().GetStatistics())));
        _proxy.Cut();

        Assert.InRange(Enumerable.Range(0, 12).Count(_ => !Succeeds(() => storage.GetMonitoringApi().GetStatistics())), 0, 1);
        client.Enqueue(() => Jobs.Run(place.Schema, 1));
        Assert.Equal(2, place.Count("{s}queue"));
    }

    public void Dispose() => _proxy.Dispose();

    // Where no disk can be mounted, the server says the same without one.
    private static void Fill(PostgreSqlPlace place, SmallDisk? disk)
    {
        if (disk is not null)
        {
            place.Execute($"CREATE TABLESPACE small LOCATION '{disk.Path}'");
            place.Execute("ALTER TABLE {s}job SET TABLESPACE small");
            return;
        }
        place.Execute("""
            CREATE FUNCTION {s}full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {s}job FOR EACH STATEMENT EXECUTE FUNCTION {s}full_disk();
            """);
    }

    private static void Empty(PostgreSqlPlace place, SmallDisk? disk)
    {
        if (disk is not null)
            disk.Grow();
        else
            place.Execute("DROP TRIGGER full_disk ON {s}job");
    }

    private PostgreSqlPlace NewPlace() => new(server, $"{_proxy.ConnectionString};Password={Refusals.Password}");

    private string NewDatabase()
    {
        var name = $"d{Guid.NewGuid():N}";
        using var create = server.Database.CreateCommand($"CREATE DATABASE {name}");
        create.ExecuteNonQuery();
        return name;
    }

    private static bool Succeeds(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static Task UntilSucceededAsync(PostgreSqlPlace place, int count) =>
        Until.TrueAsync(
            () => place.Count("{s}job WHERE state = 'Succeeded'") == count && place.Count("{s}queue") == 0, $"{count} jobs have succeeded",
            () => string.Join(", ", place.States()));
}
