using Asdamir.Data.Storage.Engine.Leases;
using Asdamir.Data.Storage.Sql.Tables;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>What a process concludes from locks that are free.</summary>
public sealed class LeaseMonitorTests
{
    private const long Server = 7;
    private const long OtherServer = 8;
    private const long LeaseTimeout = 30_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeToTakeAgain = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan TimeToRecover = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly LeaseMonitor _monitor;
    private readonly DateTimeOffset _start;

    public LeaseMonitorTests()
    {
        _monitor = new LeaseMonitor(_time, Interval, TimeSpan.FromMinutes(10));
        _start = _time.GetUtcNow();
    }

    [Fact]
    public void LockThatStaysFree_EndsALease_WhenItsProcessHadTimeToTakeAnother() =>
        Assert.Equal(TimeToTakeAgain, UntilOver(Row(1)));

    [Fact]
    public void FreeLock_SaysWhenToLookAgain()
    {
        Assert.Equal(TimeToTakeAgain, Look(Row(1)).LookAgainIn);
        _time.Advance(Step);
        Assert.Equal(TimeToTakeAgain - Step, Look(Row(1)).LookAgainIn);
        Assert.Null(Look(Row(1) with { IsLockFree = false }).LookAgainIn);
    }

    [Fact]
    public void LeaseThatIsRenewed_Stays_AlthoughItsLockIsFree()
    {
        for (var renewal = 1; renewal <= 100; renewal++)
        {
            Assert.Empty(Over(Row(1) with { ExpiresAt = renewal }));
            _time.Advance(TimeToTakeAgain - Step);
        }
    }

    [Fact]
    public void TimeThatAReadTakes_DoesNotCount()
    {
        Assert.Empty(Over(Row(1)));
        _time.Advance(TimeToTakeAgain - Step);
        var startedAt = _time.GetTimestamp();
        _time.Advance(TimeToTakeAgain);

        var verdict = _monitor.Look([Now(Row(1))], startedAt, isRenewed: false);
        Assert.Empty(verdict.Over);
        Assert.Equal(Step, verdict.LookAgainIn);
    }

    [Fact]
    public void LockThatIsHeldMeanwhile_DoesNotEndALease()
    {
        Assert.Empty(Over(Row(1)));
        _time.Advance(Step);
        Assert.Empty(Over(Row(1) with { IsLockFree = false }));
        _time.Advance(TimeToTakeAgain);
        Assert.Empty(Over(Row(1)));
    }

    [Fact]
    public void FreeLockOfAnotherServer_EndsALeaseLater() => Assert.Equal(TimeToRecover, UntilOver(Row(1, lockOf: OtherServer)));

    [Fact]
    public void LockOfAFile_EndsALeaseAtTheSecondLook_AlsoAfterTrouble()
    {
        Assert.Empty(Over(Row(1) with { Server = null }));
        _monitor.Restart();

        Assert.Equal(Step, UntilOver(Row(1) with { Server = null }));
    }

    [Fact]
    public void AnotherServer_IsNoReasonToEndALease_BeforeItsProcessHadTimeToComeBack()
    {
        UntilOver(Row(1));
        var failedOver = Row(1) with { Server = OtherServer };
        var at = _time.GetUtcNow();

        Assert.Empty(Over(failedOver));

        Assert.Equal(TimeToRecover, UntilOver(failedOver));
        Assert.Equal(TimeToRecover, _time.GetUtcNow() - at);
    }

    [Fact]
    public void TroubleOfTheObserver_GivesProcessesMoreTime_UntilTheyRenewTheirLeases()
    {
        Assert.Empty(Over(Row(1), Row(2)));
        _monitor.Restart();
        Assert.Empty(Over(Row(1), Row(2)));

        var renewed = Row(2) with { ExpiresAt = 1 };
        Assert.Equal(TimeToTakeAgain, UntilOver(renewed, Row(1)));
        Assert.Equal(TimeToRecover - TimeToTakeAgain, UntilOver(Row(1)));
    }

    [Fact]
    public void RenewalThatTheFirstLookAfterTroubleSees_MayBeFromBefore()
    {
        Assert.Empty(Over(Row(1)));
        _monitor.Restart();

        Assert.Equal(TimeToRecover, UntilOver(Row(1) with { ExpiresAt = 1 }));
    }

    [Fact]
    public void ObserverThatStoodStill_GivesProcessesTheirTimeOnceMore()
    {
        Assert.Empty(Over(Row(1)));
        _monitor.Plan(TimeToTakeAgain);
        _time.Advance(TimeToTakeAgain + TimeSpan.FromSeconds(2));

        Assert.Equal(TimeToTakeAgain, UntilOver(Row(1)));
    }

    [Fact]
    public void ObserverThatIsAlwaysLate_EndsALeaseAllTheSame()
    {
        Assert.Empty(Over(Row(1)));

        Assert.Empty(OverWhenLate());
        Assert.Single(OverWhenLate());

        IReadOnlyList<LeaseRow> OverWhenLate()
        {
            _monitor.Plan(TimeToTakeAgain);
            _time.Advance(TimeToTakeAgain + TimeSpan.FromSeconds(2));
            return Over(Row(1));
        }
    }

    [Fact]
    public void JumpOfTheDatabasesClock_GivesProcessesMoreTime()
    {
        UntilOver(Row(1));
        var hour = (long)TimeSpan.FromHours(1).TotalMicroseconds;

        Assert.Equal(TimeToRecover, UntilOver(row => row with { ReadAt = row.ReadAt + hour }, Row(1)));
    }

    [Fact]
    public void HeldLock_EndsALease_WhenItsRowStaysUnchangedForItsTimeout()
    {
        var held = Row(1) with { IsLockFree = false };
        TimeSpan? over = null;
        for (var renewal = 0; over is null; renewal++)
        {
            if (Look([held], isRenewed: true).Over.Count > 0)
                over = renewal * Interval;
            _time.Advance(Interval);
        }
        Assert.Equal(TimeSpan.FromSeconds(30), over);
    }

    /// <returns>How long it takes until the first of the leases is over, with a look every half of a second.</returns>
    private TimeSpan UntilOver(params LeaseRow[] rows) => UntilOver(static row => row, rows);

    private TimeSpan UntilOver(Func<LeaseRow, LeaseRow> seen, params LeaseRow[] rows)
    {
        var at = _time.GetUtcNow();
        while (!Look(Array.ConvertAll(rows, row => seen(Now(row))), isRenewed: false).Over.Any(row => row.Id == rows[0].Id))
        {
            Assert.True(_time.GetUtcNow() - at < TimeSpan.FromMinutes(1), "It is not over.");
            _time.Advance(Step);
        }
        return _time.GetUtcNow() - at;
    }

    private IReadOnlyList<LeaseRow> Over(params LeaseRow[] rows) => Look(rows).Over;

    private LeaseVerdict Look(params LeaseRow[] rows) => Look(Array.ConvertAll(rows, Now), isRenewed: false);

    private LeaseVerdict Look(LeaseRow[] rows, bool isRenewed) => _monitor.Look(rows, _time.GetTimestamp(), isRenewed);

    private LeaseRow Now(LeaseRow row) => row with { ReadAt = (long)(_time.GetUtcNow() - _start).TotalMicroseconds };

    private static LeaseRow Row(long id, long lockOf = Server) => new(
        id, ExpiresAt: long.MaxValue, LeaseTimeout, ReadAt: 0, LeaseRow.KeyOf(lockOf, (uint)id), IsLockFree: true, Server);
}
