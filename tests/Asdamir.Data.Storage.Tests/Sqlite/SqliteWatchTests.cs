using Asdamir.Data.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Sqlite;

/// <summary>When the file is looked at, by a clock that the test moves.</summary>
public sealed class SqliteWatchTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan NoTime = TimeSpan.FromTicks(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteDatabase _other;
    private SqliteWatch _watch;
    private int _wakes;

    public SqliteWatchTests()
    {
        var path = _folder.PathOf("jobs.db");
        _database = new SqliteDatabase($"Data Source={path}", new SqliteJobStorageOptions());
        _database.Migrate();
        _other = new SqliteDatabase($"Data Source={path}", new SqliteJobStorageOptions());
        _watch = Watch();
    }

    [Fact]
    public async Task Change_IsSeen_AtTheNextPoll()
    {
        Pass(Interval);
        Change();
        var wakes = _wakes;

        await UntilAsync(Interval, () => _wakes > wakes, "the change is seen");

        Assert.False(_watch.IsQuiet);
    }

    [Fact]
    public async Task UnchangedFile_IsNotPolled_AndAReportOfTheSystemEndsThat()
    {
        await BecomeQuietAsync();
        Pass(NoTime);
        var wakes = _wakes;

        Change();

        // Hardly any time passes, so no poll is due. The report may come before the commit is visible.
        await UntilAsync(NoTime, () => !_watch.IsQuiet, "the report is seen");
        await UntilAsync(Interval, () => _wakes > wakes, "the change is seen");
    }

    [Fact]
    public async Task Change_IsSeen_WhenTheSystemDoesNotReportIt()
    {
        await BecomeQuietAsync();
        var wakes = _wakes;
        Change();

        await UntilAsync(TimeSpan.FromSeconds(1), () => _wakes > wakes, "the change is seen");
    }

    public void Dispose()
    {
        _watch.Dispose();
        _other.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private SqliteWatch Watch()
    {
        var watch = new SqliteWatch(_database, _folder.PathOf("jobs.db"), Interval, _time);
        watch.Subscribe(() => Interlocked.Increment(ref _wakes));
        return watch;
    }

    // On a machine whose other tests watch many files, one watch may never get reports, and the next one may.
    private Task BecomeQuietAsync() => Until.TrueAsync(
        () =>
        {
            for (var i = 0; i < 100 && !_watch.IsQuiet; i++)
                Pass(Interval);
            if (_watch.IsQuiet)
                return true;
            _watch.Dispose();
            _watch = Watch();
            return false;
        },
        "it waits for a report",
        () => $"refused: {_watch.Refusal}");

    private void Change()
    {
        using var session = _other.Write();
        session.Execute("UPDATE {s}job_id SET next = next + 1");
    }

    private void Pass(TimeSpan time) => _time.Advance(time);

    private Task UntilAsync(TimeSpan step, Func<bool> condition, string what) => Until.TrueAsync(
        () =>
        {
            // Other tests of the machine may watch as many files as the system allows, for a moment.
            if (!condition())
                Pass(_watch.Refusal is null ? step : SqliteWatch.Refused);
            return condition();
        },
        what,
        () => $"refused: {_watch.Refusal}");
}
