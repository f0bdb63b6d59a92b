using System.Globalization;
using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Engine.Locks;
using Asdamir.Data.Storage.PostgreSql;
using Asdamir.Data.Storage.Tests.Contract;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Asdamir.Data.Storage.Tests.PostgreSql;

/// <summary>
/// A caller's transaction that continues a job has changed the row of that job until it ends. Only what changes the same row
/// may wait for it.
/// </summary>
[NeedsPostgreSql]
public sealed class OpenTransactionTests() : OwnStorageTests(static place => OnPostgreSql(place))
{
    [Fact]
    public async Task Commits_OfOthers_DoNotWaitForTheTransaction()
    {
        const int Blocked = 3, Free = 30;
        var jobs = Enumerable.Range(0, Blocked).Select(_ => BeginJob()).ToList();
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var children = jobs.ConvertAll(job => ContinueIn(transaction, job.Id));

        var ends = jobs.ConvertAll(static job => Task.Run(() => job.End()));
        await Until.TrueAsync(() => IsWaiting() || ends.Exists(static end => end.IsCompleted), "a commit waits for the transaction");
        var others = await Task.WhenAll(Enumerable.Range(0, Free)
            .Select(i => Task.Run(() => Client.Create(SampleJobs.Text($"{i}"), new EnqueuedState()))))
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(Free, Storage.GetMonitoringApi().EnqueuedCount("default"));
        Assert.All(others, id => Assert.Equal("Enqueued", StateOf(id)));
        Assert.All(ends, static end => Assert.False(end.IsCompleted));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(ends);
        Assert.All(jobs, job => Assert.Equal("Succeeded", StateOf(job.Id)));
        Assert.All(children, id => Assert.Equal("Awaiting", StateOf(id)));
        jobs.ForEach(static job => job.Dispose());
    }

    [Fact]
    public async Task LargeCommits_OfOthers_DoNotWaitForTheTransaction()
    {
        var first = Client.Create(SampleJobs.Text("first"), new EnqueuedState());
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, first);

        var blocked = WriteLargeAsync(first);
        await Until.TrueAsync(() => IsWaiting() || blocked.IsCompleted, "the large commit waits for the transaction");
        await WriteLargeAsync(Client.Create(SampleJobs.Text("second"), new EnqueuedState()))
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        Assert.False(blocked.IsCompleted);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await blocked;
        using var reader = (JobStorageConnection)Storage.GetConnection();
        Assert.Equal("written", reader.GetJobParameter(first, "Note"));
    }

    [Fact]
    public async Task Starts_OfOthers_AreWritten_WhileTheTransactionIsOpen()
    {
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, Client.Create(SampleJobs.Text("continued"), new EnqueuedState()));
        Client.Create(SampleJobs.Text("other"), new EnqueuedState());
        using var continued = Worked();
        using var other = Worked();

        var blocked = Task.Run(continued.Begin, TestContext.Current.CancellationToken);
        await Task.Run(other.Begin, TestContext.Current.CancellationToken).WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        Assert.Equal("Processing", ColumnOf(other.Id));
        await Task.Run(() => other.End(), TestContext.Current.CancellationToken)
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("Enqueued", ColumnOf(continued.Id));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await blocked;
        continued.End();
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"],
            Storage.GetMonitoringApi().JobDetails(continued.Id).History.Select(static entry => entry.StateName));
    }

    [Fact]
    public async Task Claims_DoNotWaitForTheTransaction()
    {
        var continued = Client.Create(SampleJobs.Text("continued"), new EnqueuedState());
        var other = Client.Create(SampleJobs.Text("other"), new EnqueuedState());
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, continued);
        using var claims = Storage.OpenClaims(["default"], "server-1");

        var jobs = await claims.ClaimAsync(2, TestContext.Current.CancellationToken)
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        Assert.Equal([continued, other], jobs.Select(static job => job.JobId));
        Assert.Equal(("Enqueued", "Processing"), (ColumnOf(continued), ColumnOf(other)));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.All(jobs, static job => job.Dispose());
        Assert.Equal(("Enqueued", "Enqueued"), (ColumnOf(continued), ColumnOf(other)));
    }

    [Fact]
    public async Task Dispose_FailsWhatWaits_WithAClearError()
    {
        using var job = BeginJob();
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, job.Id);
        var end = Task.Run(() => job.End(), TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => IsWaiting() || end.IsCompleted, "the commit waits for the transaction");

        await Task.Run(Storage.Dispose, TestContext.Current.CancellationToken)
            .WaitAsync(Until.Limit, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<JobStorageUnavailableException>(() => end);
        Assert.False(error.MayBeCommitted);
        Assert.Contains("Fix: end the transaction", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_OfAJobThatTheTransactionHasChanged_FailsWithoutWaitingForTheDatabase()
    {
        var job = Client.Create(SampleJobs.Text("continued"), new EnqueuedState());
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, job);
        using var other = (JobStorageConnection)Storage.GetConnection();

        var error = Assert.ThrowsAny<DistributedLockTimeoutException>(
            () => other.AcquireDistributedLock($"job:{job}:state-lock", TimeSpan.Zero));

        Assert.Contains("Fix: end that transaction", error.Message, StringComparison.Ordinal);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        other.AcquireDistributedLock($"job:{job}:state-lock", TimeSpan.Zero).Dispose();
    }

    [Fact]
    public async Task Change_OfAJobThatTheTransactionHasChanged_FailsAfterTenSeconds_HoweverLongItMayWait()
    {
        var job = Client.Create(SampleJobs.Text("continued"), new EnqueuedState());
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        ContinueIn(transaction, job);
        var clock = new FakeTimeProvider();
        using var database = new PostgreSqlDatabase(Place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = Place.Schema });
        using var locks = new RowLocks(database, clock);
        var started = clock.GetTimestamp();
        var id = long.Parse(job, CultureInfo.InvariantCulture);

        var taken = Task.Run(
            () => (Handle: locks.Acquire(id, TimeSpan.FromMinutes(15), out var isInUse), isInUse),
            TestContext.Current.CancellationToken);
        await Until.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(200));
                return taken.IsCompleted;
            },
            "the lock is given up");

        Assert.Equal((null, true), await taken);
        Assert.InRange(clock.GetElapsedTime(started), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(14));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
    }

    private WorkedJob BeginJob()
    {
        Client.Create(SampleJobs.Text("parent"), new EnqueuedState());
        var job = Worked();
        job.Begin();
        return job;
    }

    private WorkedJob Worked()
    {
        var connection = (JobStorageConnection)Storage.GetConnection();
        return new WorkedJob(Storage, connection, Fetch(connection));
    }

    private string ContinueIn(NpgsqlTransaction transaction, string parentId) =>
        new BackgroundJobClient(((PostgreSqlJobStorage)Storage).InTransaction(transaction))
            .ContinueJobWith(parentId, () => SampleJobs.Take("child"));

    private Task WriteLargeAsync(string jobId) => Task.Run(() =>
    {
        using var connection = (JobStorageConnection)Storage.GetConnection();
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        transaction.SetJobParameter(jobId, "Note", "written");
        for (var i = 0; i < 1_000; i++)
            transaction.AddToSet($"large {jobId}", $"{i}");
        transaction.Commit();
    });

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Place.PostgreSql);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private bool IsWaiting() => Number(
        $"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%\"{Place.Schema}\".job AS j SET%'") > 0;

    private string? ColumnOf(string id) => Read($"SELECT state FROM \"{Place.Schema}\".job WHERE id = {id}") as string;

    private long Number(string sql) => (long)Read(sql)!;

    private object? Read(string sql)
    {
        using var connection = new NpgsqlConnection(Place.PostgreSql);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private string? StateOf(string id)
    {
        using var connection = Storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }
}
