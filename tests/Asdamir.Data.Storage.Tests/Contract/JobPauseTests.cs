using Asdamir.Data.Storage.Contract;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Tests.Storages;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobPauseOnPostgreSql() : JobPauseTests(static place => OnPostgreSql(place));

public sealed class JobPauseOnSqlite() : JobPauseTests(static place => OnSqlite(place));

/// <summary>What a pause says, when it ends, and which ones are refused.</summary>
public abstract class JobPauseTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Fact]
    public void Pause_IsListed_InAllProcessesAndAfterARestart()
    {
        var until = DateTimeOffset.UtcNow.AddHours(1);

        var pause = Storage.Pause(JobPauseKind.Queue, "crm", "  Ledger migration.\n", "ada", until);

        Assert.Equal(("crm", "Ledger migration.", "ada"), (pause.Name, pause.Reason, pause.By));
        Assert.Equal(until, pause.Until!.Value, TimeSpan.FromMicroseconds(1));
        Assert.Equal(TimeSpan.Zero, pause.At.Offset);
        using (var other = OpenAnother())
            Assert.Equal([pause], other.Pauses());
        Storage.Dispose();
        using var restarted = OpenAnother();
        Assert.Equal([pause], restarted.Pauses());
    }

    [Fact]
    public void PauseOfAPausedQueue_ReplacesReasonUserAndEnd()
    {
        var first = Storage.Pause(JobPauseKind.Queue, "crm", "first", "ada", DateTimeOffset.UtcNow.AddHours(1));

        var second = Storage.Pause(JobPauseKind.Queue, "crm");

        Assert.Equal((null, null, null), (second.Reason, second.By, second.Until));
        Assert.True(second.At >= first.At);
        Assert.Equal([second], Storage.Pauses());
    }

    [Fact]
    public void EndPause_EndsThePauseOnce()
    {
        Storage.Pause(JobPauseKind.Queue, "crm");
        Storage.Pause(JobPauseKind.Queue, "hr");

        Assert.True(Storage.EndPause(JobPauseKind.Queue, "crm"));
        Assert.False(Storage.EndPause(JobPauseKind.Queue, "crm"));
        Assert.False(Storage.EndPause(JobPauseKind.Queue, "never-paused"));

        Assert.Equal(["hr"], Storage.Pauses().Select(static pause => pause.Name));
    }

    [Fact]
    public void PauseThatHasEnded_IsNoPause_AndIsDeleted()
    {
        Storage.Pause(JobPauseKind.Queue, "crm", until: DateTimeOffset.UtcNow.AddHours(1));
        Storage.Pause(JobPauseKind.Queue, "hr");
        Rows.Execute("UPDATE {s}pause SET expire_at = 1 WHERE name = 'crm'");

        Assert.Equal(["hr"], Storage.Pauses().Select(static pause => pause.Name));
        Assert.False(Storage.EndPause(JobPauseKind.Queue, "crm"));

        using (var connection = (StorageConnection)Storage.GetConnection())
            ExpiredRows.DeleteKeyed(connection.Open.Engine.Database, 100);
        Assert.Equal(1, Rows.Count("{s}pause"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-100_000_000)]
    public void EndThatHasPassed_IsRefusedWithAFix_AndChangesNothing(int seconds)
    {
        var pause = Storage.Pause(JobPauseKind.Queue, "crm", "stays");

        var refusal = Assert.Throws<ArgumentException>(
            () => Storage.Pause(JobPauseKind.Queue, "crm", until: DateTimeOffset.UtcNow.AddSeconds(seconds)));

        Assert.Contains("has passed by the clock of the database", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Storage.Pause(JobPauseKind.Queue, "crm", until: DateTimeOffset.MinValue));
        Assert.Equal([pause], Storage.Pauses());
    }

    [Fact]
    public void EndOfTheCalendar_IsAnEnd()
    {
        var pause = Storage.Pause(JobPauseKind.Queue, "crm", until: DateTimeOffset.MaxValue);

        Assert.Equal(9999, pause.Until!.Value.Year);
        Assert.Equal([pause], Storage.Pauses());
    }

    [Fact]
    public void EndInAnotherTimeZone_IsTheSameMoment()
    {
        var until = new DateTimeOffset(2040, 5, 1, 12, 0, 0, TimeSpan.FromHours(14));

        Assert.Equal(until, Storage.Pause(JobPauseKind.Queue, "crm", until: until).Until);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\r\n ", null)]
    [InlineData("<b onclick='x'>'; DROP TABLE pause; --", "<b onclick='x'>'; DROP TABLE pause; --")]
    [InlineData("a\0b", "a\ufffdb")]
    public void Reason_IsStoredAsItIs(string? reason, string? stored) =>
        Assert.Equal(stored, Storage.Pause(JobPauseKind.Queue, "crm", reason, reason).Reason);

    [Fact]
    public void LongestReason_IsStored_AndALongerOneIsRefused()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 250));

        Assert.Equal(longest, Storage.Pause(JobPauseKind.Queue, "crm", $" {longest} ").Reason);
        var refusal = Assert.Throws<ArgumentException>(() => Storage.Pause(JobPauseKind.Queue, "crm", $"{longest}x"));
        Assert.Contains("has 501 characters, and 500 are allowed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(longest, Storage.Pauses().Single().Reason);
    }

    [Fact]
    public void Names_AreComparedByTheirCharacters()
    {
        string[] names = ["I", "i", "\u0131", "\u00e9", "e\u0301", "ss", "ß", "a", "a ", "A", "%", "'"];
        foreach (var name in names)
            Storage.Pause(JobPauseKind.Queue, name, by: name);

        Assert.Equal(
            names.Order(StringComparer.Ordinal), Storage.Pauses().Select(static pause => pause.Name).Order(StringComparer.Ordinal));
        Assert.All(Storage.Pauses(), static pause => Assert.Equal(pause.Name, pause.By));
        Assert.True(Storage.EndPause(JobPauseKind.Queue, "I"));
        Assert.Equal(names.Length - 1, Storage.Pauses().Count);
    }

    [Fact]
    public void LongestName_IsStored_AndALongerOneIsRefused()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 200));

        Assert.Equal(longest, Storage.Pause(JobPauseKind.Queue, longest).Name);
        Assert.True(Storage.EndPause(JobPauseKind.Queue, longest));
        Assert.Throws<ArgumentException>(() => Storage.Pause(JobPauseKind.Queue, $"{longest}x"));
        Assert.Throws<ArgumentException>(() => Storage.EndPause(JobPauseKind.Queue, $"{longest}x"));
    }

    [Fact]
    public void MissingName_AndUnknownKind_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Storage.Pause(JobPauseKind.Queue, ""));
        Assert.Throws<ArgumentNullException>(() => Storage.Pause(JobPauseKind.Queue, null!));
        Assert.Throws<ArgumentNullException>(() => Storage.EndPause(JobPauseKind.Queue, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.Pause((JobPauseKind)7, "crm"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Storage.EndPause((JobPauseKind)7, "crm"));
    }
}
