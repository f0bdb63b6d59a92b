using System.Collections.Concurrent;
using Chaos.Places;
using Chaos.Processes;
using Kit;

namespace Chaos.Faults;

/// <summary>Carries the faults out. A fault of one process overlaps with the next faults; a fault of the database does not.</summary>
internal sealed class Injector(IPlace place, IReadOnlyList<Slot> slots)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(3);
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"];

    private readonly ConcurrentBag<Task> _going = [];

    public List<InjectedFault> Injected { get; } = [];

    public IReadOnlySet<FaultKind> Possible { get; } = Enum.GetValues<FaultKind>().Where(kind => kind switch
    {
        FaultKind.KillServer or FaultKind.StopServer or FaultKind.CutConnections or FaultKind.DelayConnections or FaultKind.LoseAnswers or FaultKind.HangAnswer or FaultKind.Partition => place.Server is not null,
        FaultKind.FailOver => place.Failover is not null,
        FaultKind.FillDisk => place.Disk is not null,
        _ => true,
    }).ToHashSet();

    public async Task InjectAsync(FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.KillServer or FaultKind.StopServer:
                await WhileAsync(Note(kind, null), async () =>
                {
                    await (kind == FaultKind.KillServer ? place.Server!.KillAsync() : place.Server!.StopImmediatelyAsync());
                    await PauseAsync(0, 3_000);
                    await place.Server.StartAgainAsync();
                });
                break;
            case FaultKind.FailOver:
                // It has a standby for the moments before only, so that the other faults strike a server that waits for none.
                await place.Failover!.AddStandbyAsync();
                await PauseAsync(500, 3_000);
                await WhileAsync(Note(kind, null), place.Failover.FailOverAsync);
                break;
            case FaultKind.FillDisk:
                place.Disk!.Fill();
                await WhileAsync(Note(kind, null), () => PauseAsync(1_000, 5_000));
                place.Disk.Empty();
                break;
            case FaultKind.CutConnections or FaultKind.DelayConnections or FaultKind.LoseAnswers:
                // The connections of one process, or of all.
                if (Random.Shared.Next(2) == 0)
                    await StrikeConnectionsAsync(kind, null);
                else
                    Begin(await TakeAsync(), slot => StrikeConnectionsAsync(kind, slot));
                break;
            default:
                Begin(await TakeAsync(kind), slot => StrikeProcessAsync(kind, slot));
                break;
        }
    }

    /// <summary>Returns when no fault is at work any more.</summary>
    public Task EndAsync() => Task.WhenAll(_going);

    private async Task StrikeProcessAsync(FaultKind kind, Slot slot)
    {
        var fault = Note(kind, slot);
        switch (kind)
        {
            case FaultKind.KillWorker or FaultKind.KillEnqueuer:
                await WhileAsync(fault, slot.KillAsync);
                await PauseAsync(0, 2_000);
                await slot.StartAsync();
                break;
            case FaultKind.TerminateWorker or FaultKind.TerminateEnqueuer:
                await WhileAsync(fault, slot.StopAsync);
                await slot.StartAsync();
                break;
            case FaultKind.MoveTimeZone:
                await WhileAsync(fault, slot.StopAsync);
                await slot.StartAsync(Random.Shared.Next(3) == 0
                    ? new Dictionary<string, string> { ["TZDIR"] = "/nonexistent" }
                    : new Dictionary<string, string> { ["TZ"] = Zones[Random.Shared.Next(Zones.Length)] });
                break;
            case FaultKind.PauseShort or FaultKind.PauseLong:
                slot.Process.Signal("STOP");
                await WhileAsync(fault, () => kind == FaultKind.PauseLong ? PauseAsync(38_000, 50_000) : PauseAsync(500, 10_000));
                slot.Process.Signal("CONT");
                break;
            case FaultKind.HangAnswer:
                slot.Proxy!.Once("", Fault.HangAnswer);
                // Until the driver gives up on it.
                await WhileAsync(fault, () => Task.Delay(TimeSpan.FromSeconds(30)));
                break;
            case FaultKind.Partition:
                slot.Proxy!.IsDown = true;
                slot.Proxy.Cut();
                await WhileAsync(fault, () => PauseAsync(38_000, 50_000));
                slot.Proxy.IsDown = false;
                break;
        }
    }

    private async Task StrikeConnectionsAsync(FaultKind kind, Slot? target)
    {
        List<FaultProxy> proxies = [.. (target is null ? slots : [target]).Select(static slot => slot.Proxy!)];
        var fault = Note(kind, target);
        switch (kind)
        {
            case FaultKind.CutConnections:
                proxies.ForEach(static proxy => proxy.Cut());
                fault.To = DateTime.UtcNow;
                break;
            case FaultKind.DelayConnections:
                var delay = TimeSpan.FromMilliseconds(Random.Shared.Next(20, 400));
                proxies.ForEach(proxy => proxy.Delay = delay);
                await WhileAsync(fault, () => PauseAsync(1_000, 5_000));
                proxies.ForEach(static proxy => proxy.Delay = TimeSpan.Zero);
                break;
            default:
                proxies.ForEach(static proxy => proxy.Decide = static _ => Random.Shared.Next(24) switch
                {
                    0 => Fault.LoseRequest,
                    1 => Fault.CutAnswer,
                    2 or 3 => Fault.LoseAnswer,
                    _ => Fault.None,
                });
                await WhileAsync(fault, () => PauseAsync(1_000, 4_000));
                proxies.ForEach(static proxy => proxy.Decide = static _ => Fault.None);
                break;
        }
    }

    private async Task<Slot> TakeAsync(FaultKind? kind = null)
    {
        var since = DateTime.UtcNow;
        while (true)
        {
            var free = slots.Where(slot => slot.IsReady && kind switch
            {
                null or FaultKind.PauseShort or FaultKind.HangAnswer => true,
                FaultKind.KillEnqueuer or FaultKind.TerminateEnqueuer => slot.Role == Flow.Role,
                _ => slot.Role != Flow.Role,
            }).ToList();
            if (free.Count > 0)
            {
                var slot = free[Random.Shared.Next(free.Count)];
                slot.Take();
                return slot;
            }
            if (DateTime.UtcNow - since > LongestWait)
                throw new TimeoutException("No process came back to be struck by the next fault.");
            await Task.Delay(100);
        }
    }

    private void Begin(Slot slot, Func<Slot, Task> strike)
    {
        _going.Add(StrikeAsync());

        async Task StrikeAsync()
        {
            await strike(slot);
            slot.Return();
        }
    }

    private InjectedFault Note(FaultKind kind, Slot? slot)
    {
        var fault = new InjectedFault(kind, DateTime.UtcNow, slot?.Life);
        lock (Injected)
            Injected.Add(fault);
        return fault;
    }

    private static Task PauseAsync(int fewest, int most) => Task.Delay(Random.Shared.Next(fewest, most));

    private static async Task WhileAsync(InjectedFault fault, Func<Task> work)
    {
        await work();
        fault.To = DateTime.UtcNow;
    }
}
