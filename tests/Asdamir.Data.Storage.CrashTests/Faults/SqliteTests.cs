using Hangfire;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>A SQLite file that cannot be used, and one that several processes use.</summary>
public sealed class SqliteTests(Files files)
{
    [Fact]
    public void FileThatIsNoDatabase_IsNamedAndLeftAlone()
    {
        var path = files.NewPath();
        File.WriteAllText(path, new string('x', 10_000));

        Refusal(() => Enqueue(new SqlitePlace(path)), path);

        Assert.Equal(new string('x', 10_000), File.ReadAllText(path));
    }

    [Fact]
    public void DamagedFile_IsNamed()
    {
        var place = files.NewSqlite();
        for (var i = 0; i < 50; i++)
            Enqueue(place);
        using (var file = new FileStream(place.File, FileMode.Open))
        {
            file.Seek(4_096, SeekOrigin.Begin);
            file.Write(new byte[file.Length - 4_096]);
        }

        Assert.Contains("malformed", Refusal(() => Enqueue(place), place.File), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFolder_IsNamed_AndUsedWhenItIsThere()
    {
        var folder = files.NewPath();
        var place = new SqlitePlace(Path.Combine(folder, "jobs.db"));
        using var storage = place.Open();

        Assert.Contains(
            "folder",
            Refusal(
                () => new BackgroundJobClient(storage).Enqueue(() => Jobs.Run("", 0)), place.File, JobStorageFault.DatabaseMissing),
            StringComparison.Ordinal);
        Directory.CreateDirectory(folder);

        Assert.NotNull(new BackgroundJobClient(storage).Enqueue(() => Jobs.Run("", 0)));
    }

    [Fact]
    public void FileThatMustNotBeWritten_IsNamed()
    {
        var place = files.NewSqlite();
        Enqueue(place);
        using var storage = new SqliteJobStorage($"{place.ConnectionString};Mode=ReadOnly");

        // The connection string's own mode does not count, as a storage has to write; what SQLite itself refuses does.
        Assert.NotNull(new BackgroundJobClient(storage).Enqueue(() => Jobs.Run("", 0)));
        MakeReadOnly(place.File);
        Assert.Contains("written", Refusal(() => Enqueue(place), place.File, JobStorageFault.AccessDenied), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileLockedByAnotherProgram_IsNamed_AndWrittenWhenItIsFree()
    {
        var place = files.NewSqlite();
        using var storage = place.Open(static options =>
            (options.BusyTimeout, options.LeaseTimeout) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(Site.ShortLease)));
        var client = new BackgroundJobClient(storage);
        using var background = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 2 }, storage);
        client.Enqueue(() => Jobs.Run(place.File, 0));
        await UntilSucceededAsync(place, 1);
        using (var other = new SqliteConnection($"{place.ConnectionString};Pooling=False"))
        {
            other.Open();
            using var locking = other.BeginTransaction(deferred: false);
            Assert.Contains(
                "locked",
                Refusal(() => client.Enqueue(() => Jobs.Run(place.File, 1)), place.File, JobStorageFault.Overloaded),
                StringComparison.Ordinal);
            await Until.TrueAsync(() => place.Count("{s}lease WHERE expires_at > unixepoch('subsec') * 1000000") == 0, "the lease is over");
        }

        await Until.TrueAsync(() => Succeeds(() => client.Enqueue(() => Jobs.Run(place.File, 2))), "it is written again");
        await UntilSucceededAsync(place, 2);
        Assert.Equal(2, Jobs.Executions(place.File));
    }

    [Fact]
    public void Writing_StillWorks_AfterReading()
    {
        var place = files.NewSqlite();
        using var storage = place.Open();
        Assert.Equal(0, storage.GetMonitoringApi().GetStatistics().Enqueued);

        Assert.NotNull(new BackgroundJobClient(storage).Enqueue(() => Jobs.Run("", 0)));
    }

    [Fact]
    public async Task TwoProcesses_WorkTogetherOnOneFile()
    {
        var place = files.NewSqlite();
        await using var site = new Site(place);
        await site.StartWorkerAsync(threads: 2);
        await site.StartWorkerAsync(threads: 2);
        using var storage = place.Open();
        var enqueued = 0;
        await Until.TrueAsync(
            () =>
            {
                new BackgroundJobClient(storage).Enqueue(() => Apps.Storage.Work.Run(50, 0, null!));
                return ++enqueued >= 60 && site.Begun.Select(static execution => execution.Ledger).Distinct().Count() == 2;
            },
            "both have work",
            () => site.Logs);

        await Until.TrueAsync(
            () => place.Count("{s}job WHERE state = 'Succeeded'") == enqueued, $"{enqueued} jobs have succeeded", () => site.Logs);
        Assert.Equal(enqueued, site.Begun.Count);
    }

    [Fact]
    public void TablesOfANewerPackage_AreUsedWhenCompatible_AndRefusedWhenNot()
    {
        var place = files.NewSqlite();
        Enqueue(place);
        place.Query("INSERT INTO migration (number, oldest_compatible) VALUES (901, 1) RETURNING '', 0");
        Enqueue(place);
        place.Query("INSERT INTO migration (number, oldest_compatible) VALUES (902, 902) RETURNING '', 0");
        using var incompatible = place.Open();

        Assert.Contains(
            "update the package", Assert.Throws<NotSupportedException>(() => incompatible.GetMonitoringApi()).Message,
            StringComparison.Ordinal);
    }

    private static void Enqueue(SqlitePlace place)
    {
        using var storage = place.Open();
        new BackgroundJobClient(storage).Enqueue(() => Jobs.Run(place.File, 0));
    }

    private static string Refusal(Action use, string path, JobStorageFault? fault = null)
    {
        var exception = Assert.ThrowsAny<Exception>(use);
        var unavailable = Assert.IsType<JobStorageUnavailableException>(
            exception is BackgroundJobClientException ? exception.InnerException : exception);
        Assert.Contains(path, unavailable.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", unavailable.Message, StringComparison.Ordinal);
        Assert.False(unavailable.MayBeCommitted);
        if (fault is { } expected)
            Assert.Equal(expected, unavailable.Fault);
        return unavailable.Message;
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

    // Root may write whatever the mode says, so the folder takes the place of the journal, which no program can open as a file.
    private static void MakeReadOnly(string path)
    {
        File.Delete($"{path}-wal");
        Directory.CreateDirectory($"{path}-wal");
    }

    private static Task UntilSucceededAsync(SqlitePlace place, int count) =>
        Until.TrueAsync(
            () => place.Count("{s}job WHERE state = 'Succeeded'") == count && place.Count("{s}queue") == 0, $"{count} jobs have succeeded",
            () => string.Join(", ", place.States()));
}
