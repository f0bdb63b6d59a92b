using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.Runs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Deletes runs.</summary>
internal sealed class DeleteAction(RunsReader runs, RunMoves moves) : RunAction(runs)
{
    public override JobActionKind Kind => JobActionKind.Delete;

    protected override RunActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected) =>
        moves.Delete(id, reason ?? "Deleted by an operator", isMine, expected);
}
