using CsCheck;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>
/// Random deaths, lost connections, outages, standstills and jumps of the database's clock, seen by one observer with a clock of the test.
/// A failure names the seed that repeats it.
/// </summary>
public sealed class LeaseMonitorModelTests
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    // A death is seen at the next look, and judged by one 1.5 seconds later.
    private static readonly TimeSpan LongestWithoutFault = BetweenLooks + TimeSpan.FromSeconds(1.5) + (2 * ModelLeases.Tick);

    // In the time after trouble a lock is not trusted.
    private static readonly TimeSpan LongestAfterFault = LongestWithoutFault + TimeSpan.FromSeconds(10);

    private static readonly Gen<Action<ModelLeases>> Pauses = Gen.Int[1, 120].Select(Act(static (world, ticks) =>
        world.Run(ticks * ModelLeases.Tick)));

    private static readonly Gen<Action<ModelLeases>> Deaths = Gen.Int[0, 9].Select(Act(static (world, process) => world.Kill(process)));

    // Of those between 5 and 10 seconds the observer learns nothing. Another process that is suspended besides is then as good as dead,
    // once the clock of the database has jumped.
    private static readonly Gen<int> Standstills = Gen.OneOf(Gen.Int[1, 100], Gen.Int[201, 400]);

    private static readonly Gen<Action<ModelLeases>> Faults = Gen.OneOf(
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 8], static (process, ticks) =>
            (Action<ModelLeases>)(world => world.LoseConnection(process, ticks * ModelLeases.Tick))),
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 60], static (process, ticks) =>
            (Action<ModelLeases>)(world => world.Suspend(process, ticks * ModelLeases.Tick))),
        Gen.Int[1, 140].Select(Act(static (world, ticks) => world.Outage(ticks * ModelLeases.Tick, restarts: false))),
        Gen.Int[1, 140].Select(Act(static (world, ticks) => world.Outage(ticks * ModelLeases.Tick, restarts: true))),
        Standstills.Select(Act(static (world, ticks) => world.StandStill(ticks * ModelLeases.Tick))),
        Gen.Int[-3_600, 3_600].Select(Act(static (world, seconds) => world.Jump(TimeSpan.FromSeconds(seconds)))));

    [Fact]
    public void OnlyTheDeadLoseTheirLeases_AndSoon_WhateverElseHappens() =>
        Gen.Frequency((4, Pauses), (1, Deaths), (2, Faults)).Array[1, 40].Sample(
            static steps => Check(steps, LongestAfterFault, sinceLastFault: true),
            writeLine: TestContext.Current.TestOutputHelper!.WriteLine, iter: 2_000, threads: 1);

    [Fact]
    public void TheDeadLoseTheirLeasesWithinSeconds_WhenNothingElseHappens() =>
        Gen.Frequency((3, Pauses), (1, Deaths)).Array[1, 20].Sample(
            static steps => Check(steps, LongestWithoutFault, sinceLastFault: false),
            writeLine: TestContext.Current.TestOutputHelper!.WriteLine, iter: 500, threads: 1);

    private static Func<int, Action<ModelLeases>> Act(Action<ModelLeases, int> act) => number => world => act(world, number);

    private static void Check(Action<ModelLeases>[] steps, TimeSpan longest, bool sinceLastFault)
    {
        var world = new ModelLeases(processes: 5, BetweenLooks);
        foreach (var step in steps)
            step(world);
        world.Run(Quiet);
        Assert.Empty(world.EndedAlive);
        foreach (var (diedAt, hadLock, endedAt) in world.Deaths)
        {
            Assert.NotNull(endedAt);
            // Without a lock, as in the moment after its loss, a lease ends by time.
            if (!hadLock)
                continue;
            var since = sinceLastFault && world.LastFaultAt > diedAt ? world.LastFaultAt : diedAt;
            Assert.True(endedAt - since <= longest, $"The lease ended {endedAt - since} after the death, or after the last fault.");
        }
    }
}
