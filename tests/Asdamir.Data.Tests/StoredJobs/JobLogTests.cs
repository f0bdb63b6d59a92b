using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Tests.StoredJobs;

/// <summary>On a storage of ours, which keeps notes beside the job.</summary>
public sealed class JobLogOnSqliteTests() : JobLogTests(static folder => folder.NewStorage());

/// <summary>On any other storage, where they are parameters of the job.</summary>
public sealed class JobLogInMemoryTests() : JobLogTests(static _ => new InMemoryStorage());

public abstract class JobLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JobStorage _storage;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly UnsavedJournals _unsaved;
    private readonly string _jobId;

    private protected JobLogTests(Func<TemporaryFolder, JobStorage> open)
    {
        _storage = open(_folder);
        _unsaved = new UnsavedJournals(_time, NullLogger<UnsavedJournals>.Instance);
        using var connection = _storage.GetConnection();
        _jobId = connection.CreateExpiredJob(
            Job.FromExpression(() => Console.WriteLine()), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
    }

    public void Dispose()
    {
        _unsaved.Dispose();
        ((IDisposable)_storage).Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Append_KeepsTheNewestLinesInOrder_WhenTheLogIsFull()
    {
        const int written = 3_000;
        await using (var journal = Journal())
        {
            for (var i = 0; i < written; i++)
                journal.Append(LogLevel.Information, $"{i:0000} {new string('x', 60)}");
        }

        var kept = Lines().Select(line => int.Parse(line.Message[..4], System.Globalization.CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(Enumerable.Range(written - kept.Count, kept.Count), kept);
        Assert.InRange(kept.Count, 300, 1_000);
        Assert.True(Lines().Sum(line => line.Message.Length) <= JobLog.ChunkCount * JobLog.ChunkCharacters);
    }

    [Fact]
    public async Task Append_CutsALine_WhenItIsTooLong()
    {
        await using (var journal = Journal())
            journal.Append(LogLevel.Error, new string('x', 100_000));

        var line = Assert.Single(Lines());
        Assert.Equal((2_000, '…', LogLevel.Error, _time.GetUtcNow()), (line.Message.Length, line.Message[^1], line.Level, line.At));
    }

    [Fact]
    public async Task Append_FollowsTheEarlierLines_InTheNextAttempt()
    {
        await using (var first = Journal())
            first.Append(LogLevel.Information, "first attempt");
        await using (var second = Journal())
            second.Append(LogLevel.Warning, "second attempt");

        Assert.Equal(["first attempt", "second attempt"], Lines().Select(line => line.Message));
    }

    [Theory]
    [InlineData(150, 100)]
    [InlineData(double.PositiveInfinity, 100)]
    [InlineData(-1, 0)]
    [InlineData(42.5, 42.5)]
    public async Task Report_ClampsProgress_To0And100(double reported, double stored)
    {
        await using (var journal = Journal())
            journal.Report(reported, "half");

        Assert.Equal(new JobProgress(stored, "half", _time.GetUtcNow()), Progress());
    }

    [Fact]
    public async Task Report_SavesTheLatestOnceASecond_WhileTheJobGoesOn()
    {
        await using var journal = Journal();
        for (var i = 0; i <= 50; i++)
            journal.Report(i, null);
        Assert.Null(Progress());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(50, Progress()!.Percent);
    }

    [Fact]
    public void ReadLines_IsEmpty_WhenTheJobLoggedNothing() => Assert.Empty(Lines());

    private JobJournal Journal() => new(new JobMetadata(_storage), _jobId, _unsaved, _time, NullLogger.Instance);

    private IReadOnlyList<JobLogLine> Lines() => JobLog.ReadLines(new JobMetadata(_storage), _jobId);

    private JobProgress? Progress() => JobLog.ReadProgress(new JobMetadata(_storage), _jobId);
}
