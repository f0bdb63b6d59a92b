using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Features.Jobs;

/// <summary>What a form wants to be done to which jobs.</summary>
/// <param name="Seen">Jobs chosen one by one, each with the state it was shown in; empty for all that match.</param>
/// <param name="Query">The filter, for all that match.</param>
/// <param name="Cutoff">What entered its state later was not shown to the operator, and is not meant.</param>
public sealed record JobSelection(
    ActionOnJobs Action, IReadOnlyList<(string Id, string? State)> Seen, JobListQuery Query, DateTime Cutoff, string? Reason,
    string? TypedCount,
    bool IsConfirmed, string? Back)
{
    public bool IsAllMatching => Seen.Count == 0;

    /// <summary>The value of the action in forms.</summary>
    public string Verb => IsAllMatching ? Action.VerbForAll : Action.Verb;

    internal JobListFilter Filter => Query.Filter with { To = Query.To is { } to && to < Cutoff ? to : Cutoff, OldestFirst = true };

    /// <returns>The selection, or what is wrong with it.</returns>
    internal static (JobSelection? Selection, string? Fault) Of(IFormCollection form, DateTime now)
    {
        var verb = form["action"].ToString();
        if (ActionOnJobs.All.FirstOrDefault(action => verb == action.Verb || verb == action.VerbForAll) is not { } action)
            return (null, JobsTexts.NoAction);
        var isAll = verb == action.VerbForAll;
        var query = JobListQuery.Of(form);
        if (query.Faults.Count > 0)
            return (null, query.Faults[0]);
        var seen = isAll
            ? []
            : form["job"].OfType<string>().Select(Split).Where(static job => job.Id.Length > 0).DistinctBy(static job => job.Id).ToList();
        if (!isAll && seen.Count is 0 or > ActionLimits.Selected)
            return (null, seen.Count == 0 ? JobsTexts.NoneSelected : JobsTexts.FormatTooManySelected(ActionLimits.Selected));
        if (seen.Any(static job => job.Id.Length > ActionLimits.IdLength))
            return (null, JobsTexts.FormatIdTooLong(ActionLimits.IdLength));
        if (isAll && query.State is null)
            return (null, JobsTexts.ChooseState);
        if (isAll && action.IsDangerous && !query.IsFiltered)
            return (null, JobsTexts.FormatNeedsFilter(action.Name()));
        var reason = form["reason"].ToString().Trim();
        if (reason.Length > ActionLimits.ReasonLength)
            return (null, JobsTexts.FormatReasonTooLong(ActionLimits.ReasonLength));
        var cutoff = JobListQuery.TimeOf(form["cutoff"]) is { } shown && shown < now ? shown : now;
        var isConfirmed = form["confirmed"] == "1";
        return (new JobSelection(action, seen, query, cutoff, reason.Length == 0 ? null : reason, form["count"], isConfirmed, form["back"]),
            null);
    }

    // The last one: an id of a foreign storage may have anything in it.
    private static (string Id, string? State) Split(string job) =>
        job.LastIndexOf('|') is var at and > 0 ? (job[..at], job[(at + 1)..]) : (job, null);
}
