namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>The jobs of a commit that may change a workflow, in the order of their ids.</summary>
/// <param name="JobIds">The jobs.</param>
/// <param name="Outcomes">What each has become, see <see cref="Sql.Tables.JobStates.OutcomeOf"/>.</param>
internal sealed record WorkflowEnds(long[] JobIds, long[] Outcomes)
{
    /// <returns><see langword="null"/> when there are none.</returns>
    public static WorkflowEnds? Of(IReadOnlyList<WriteSet> sets)
    {
        List<(long Id, long Outcome)>? ends = null;
        foreach (var set in sets)
        {
            foreach (var job in set.Jobs)
            {
                if (job.WorkflowOutcome is { } outcome)
                    (ends ??= []).Add((job.Id, outcome));
            }
        }
        if (ends is null)
            return null;
        ends.Sort();
        return new WorkflowEnds([.. ends.Select(static end => end.Id)], [.. ends.Select(static end => end.Outcome)]);
    }
}
