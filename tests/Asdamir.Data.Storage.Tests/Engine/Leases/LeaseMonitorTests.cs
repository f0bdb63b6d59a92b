using System.Diagnostics;
using Asdamir.Data.Storage.Engine.Leases;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>What a process concludes from locks that are free on the server that it sees.</summary>
[Slow]
public sealed class LeaseMonitorTests
{
    private const long Server = 7;
    private const long OtherServer = 8;
    private const long LeaseTimeout = 5_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TimeToRecover = TimeSpan.FromSeconds(10);

    private readonly LeaseMonitor _monitor = new(Interval, TimeSpan.FromMinutes(10));
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    [Fact]
    public async Task FreeLockOfAnotherServer_SaysNothingAtFirst()
    {
        var here = Row(1, Server, Server);
        var elsewhere = Row(2, OtherServer, Server);
        var sawSooner = false;
        await Until.TrueAsync(
            () =>
            {
                var over = Look(here, elsewhere);
                Assert.False(
                    over.Contains(elsewhere.Id) && _clock.Elapsed < TimeToRecover, "A lock of another server was trusted at once.");
                sawSooner |= over.Contains(here.Id) && !over.Contains(elsewhere.Id);
                return over.Count == 2;
            },
            "both leases have ended");
        Assert.True(sawSooner || _clock.Elapsed > 2 * TimeToRecover, "The lock of this server was not trusted sooner.");
    }

    [Fact]
    public async Task AnotherServer_IsNoReasonToEndALease_BeforeItsProcessHadTimeToComeBack()
    {
        await Until.TrueAsync(() => Look(Row(1, Server, Server)).Count == 1, "the lease has ended on the first server");
        var failedOver = Stopwatch.StartNew();

        await Until.TrueAsync(() => Look(Row(1, Server, OtherServer)).Count == 1, "the lease has ended on the second server");

        Assert.True(failedOver.Elapsed >= TimeToRecover, $"It ended after {failedOver.Elapsed}.");
    }

    private List<long> Look(params LeaseRow[] rows) =>
        _monitor.Look(
            [.. rows.Select(row => row with { ReadAt = (long)_clock.Elapsed.TotalMicroseconds })],
            Stopwatch.GetTimestamp(),
            isRenewed: false)
            .ConvertAll(static row => row.Id);

    private static LeaseRow Row(long id, long lockOf, long server) => new(
        id, ExpiresAt: long.MaxValue, LeaseTimeout, ReadAt: 0, LeaseRow.KeyOf(lockOf, (uint)id), IsLockFree: true, server);
}
