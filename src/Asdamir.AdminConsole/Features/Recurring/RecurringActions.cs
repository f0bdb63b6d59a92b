using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>Trigger, pause and resume of a recurring job.</summary>
internal static class RecurringActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext visit, Actor actor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var (id, reason, back) = (form["id"].ToString(), form["reason"].ToString().Trim(), form["back"].ToString());
        RecurringAction? action = form["action"].ToString() switch
        {
            "trigger" => visit.Company.Monitor.Trigger,
            "pause" => visit.Company.Monitor.Pause,
            "resume" => visit.Company.Monitor.Resume,
            _ => null,
        };
        if (action is null || id.Length is 0 or > 200 || reason.Length > ActionLimits.ReasonLength)
            return Message.Result(StatusCodes.Status400BadRequest, RecurringTexts.NothingDone, RecurringTexts.Incomplete, PageMap.Recurring.Link(visit.Company.Code, null), RecurringTexts.Back);
        if (action is not ResumeAction && reason.Length == 0)
        {
            return new RazorComponentResult<ConfirmRecurringPage>(new
            {
                Id = id, Action = form["action"].ToString(), Back = back, Fault = form["confirmed"] == "1" ? RecurringTexts.NeedsReason : null,
            });
        }
        var operation = await actor.DoAsync(
            action.Kind, id, reason.Length == 0 ? null : reason, isSmall: true,
            (_, _, _) => DedicatedThread.RunAsync(() => action.On(id, reason.Length == 0 ? null : reason, static _ => true), CancellationToken.None)).ConfigureAwait(false);
        return Outcome.Of(visit, operation, back, 1);
    }
}
