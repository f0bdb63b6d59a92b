using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.StoredJobs;

/// <summary>Another program holds the lock of the file, so that no write gets through.</summary>
public sealed class StalledJobLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly LogCapture _log = new();
    private readonly SqliteJobStorage _storage;
    private readonly UnsavedJournals _unsaved;
    private readonly string _jobId;
    private SqliteConnection? _holder;

    public StalledJobLogTests()
    {
        _storage = new SqliteJobStorage(
            _folder.Sqlite(), new SqliteJobStorageOptions { BusyTimeout = TimeSpan.FromSeconds(1) });
        _unsaved = new UnsavedJournals(_time, new LoggerFactory([_log]).CreateLogger<UnsavedJournals>());
        using var connection = _storage.GetConnection();
        _jobId = connection.CreateExpiredJob(
            Job.FromExpression(() => Console.WriteLine()), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
    }

    public void Dispose()
    {
        _holder?.Dispose();
        _unsaved.Dispose();
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lines_AreSavedLater_WhenTheStorageStallsWhileTheJobRuns()
    {
        await using var journal = Journal();
        journal.Append(LogLevel.Information, "before");
        _time.Advance(TimeSpan.FromSeconds(1));
        Stall();
        journal.Append(LogLevel.Information, "meanwhile");
        journal.Report(50, "half");
        _time.Advance(TimeSpan.FromSeconds(1));
        Resume();
        Assert.Equal(["before"], Lines());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["before", "meanwhile"], Lines());
        Assert.Equal(50, JobLog.ReadProgress(new JobMetadata(_storage), _jobId)!.Percent);
    }

    [Fact]
    public async Task Lines_AreSavedLater_WhenTheStorageStallsAtTheEndOfTheJob()
    {
        Stall();
        await using (var journal = Journal())
        {
            for (var i = 0; i < 200; i++)
                journal.Append(LogLevel.Information, $"{i:000} {new string('x', 100)}");
        }
        _time.Advance(TimeSpan.FromSeconds(2));
        Resume();
        Assert.Empty(Lines());

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Enumerable.Range(0, 200), Lines().Select(static line => int.Parse(line[..3], null)));
        Assert.Empty(_log.With(1202));
    }

    [Fact]
    public async Task Journal_KeepsTheNewestLines_WhenTheStorageStallsForLong()
    {
        Stall();
        await using (var journal = Journal())
        {
            for (var i = 0; i < 3_000; i++)
                journal.Append(LogLevel.Information, $"{i:0000} {new string('x', 60)}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Resume();

        _time.Advance(TimeSpan.FromSeconds(2));

        var kept = Lines().Select(static line => int.Parse(line[..4], null)).ToList();
        Assert.Equal(Enumerable.Range(3_000 - kept.Count, kept.Count), kept);
        Assert.InRange(kept.Count, 300, 1_000);
    }

    [Fact]
    public async Task App_LogsThatAPartIsLost_WhenTheStorageStallsTooLong()
    {
        Stall();
        await using (var journal = Journal())
            journal.Append(LogLevel.Information, "never stored");

        _time.Advance(TimeSpan.FromMinutes(15));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains(_jobId, Assert.Single(_log.With(1202)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_LogsThatAPartIsLost_WhenItEndsWhileTheStorageStalls()
    {
        Stall();
        await using (var journal = Journal())
            journal.Append(LogLevel.Information, "never stored");

        _unsaved.Dispose();

        Assert.Single(_log.With(1202));
    }

    private JobJournal Journal() => new(new JobMetadata(_storage), _jobId, _unsaved, _time, NullLogger.Instance);

    private List<string> Lines() => [.. JobLog.ReadLines(new JobMetadata(_storage), _jobId).Select(static line => line.Message)];

    private void Stall()
    {
        _holder = new SqliteConnection(_folder.Sqlite() + ";Pooling=False");
        _holder.Open();
        using var command = _holder.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
    }

    private void Resume()
    {
        _holder!.Dispose();
        _holder = null;
    }
}
