using System.Globalization;
using System.Text.Json;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Jobs;

/// <summary>Carries out actions on jobs: single, selected and all matching.</summary>
internal static class JobActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext context, Actor actor, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (selection, fault) = JobSelection.Of(await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false), now);
        if (selection is null)
        {
            return Message.Result(
                StatusCodes.Status400BadRequest, JobsTexts.NothingDone, fault!, PageMap.Jobs.Link(context.Company.Code, null),
                JobsTexts.ToJobs);
        }

        long count = selection.Seen.Count;
        if (selection.IsAllMatching)
        {
            var counted = await context.Company.ReadAsync(
                monitor => monitor.CountJobsAsync(selection.Filter, ActionLimits.Counted)).ConfigureAwait(false);
            if (!counted.IsThere)
            {
                return Message.Result(
                    StatusCodes.Status503ServiceUnavailable, JobsTexts.NothingDone, counted.Problem!.Title,
                    Links.Back(context.Company.Code, selection.Back), JobsTexts.Back);
            }
            count = counted.Value;
        }
        if (Question(selection, count) is { } question)
        {
            return new RazorComponentResult<ConfirmJobsPage>(
                new { Selection = selection, Count = count, Fault = selection.IsConfirmed ? question : null });
        }

        var request = new JobActionRequest { Kind = selection.Action.Kind, Target = Target(selection), Reason = selection.Reason };
        request = selection.IsAllMatching ? request with { Filter = selection.Filter } : request with { Jobs = Jobs(selection) };
        var operation = await actor.DoAsync(request, count <= ActionLimits.AtOnce).ConfigureAwait(false);
        return Outcome.Of(context, operation, selection.Back, count);
    }

    /// <returns>What has to be answered before it is done, or <see langword="null"/>.</returns>
    private static string? Question(JobSelection selection, long count)
    {
        if (!selection.IsAllMatching && count <= selection.Action.WithoutQuestion)
            return null;
        if (selection.Reason is null)
            return JobsTexts.NeedsReason;
        if (selection.IsAllMatching && count > ActionLimits.WithoutTyping
            && selection.TypedCount?.Trim().Replace(",", "", StringComparison.Ordinal) != count.ToString(CultureInfo.InvariantCulture))
        {
            return JobsTexts.FormatTypeCount(Counts.Exact(count));
        }
        return selection.IsConfirmed ? null : "";
    }

    private static IReadOnlyList<JobReference> Jobs(JobSelection selection) =>
        [.. selection.Seen.Select(static job => new JobReference { Id = job.Id, ExpectedState = job.State })];

    private static string Target(JobSelection selection) =>
        selection.IsAllMatching
            ? "all matching "
                + JsonSerializer.Serialize(
                    selection.Query.Parts().Append(KeyValuePair.Create<string, string?>("until", JobListQuery.TextOf(selection.Cutoff)))
                        .ToDictionary())
            : string.Join(' ', selection.Seen.Select(static job => job.Id));
}
