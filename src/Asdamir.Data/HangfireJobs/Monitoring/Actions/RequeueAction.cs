using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.Runs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Puts runs back into their queues, with all their attempts.</summary>
internal sealed class RequeueAction(RunsReader runs, RunMoves moves) : RunAction(runs)
{
    public override JobActionKind Kind => JobActionKind.Requeue;

    protected override RunActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected) =>
        moves.Requeue(id, reason ?? "Requeued by an operator", isMine, expected);
}
