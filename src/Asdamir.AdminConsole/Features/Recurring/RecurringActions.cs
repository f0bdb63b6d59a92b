using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>Trigger, pause and resume of a recurring job.</summary>
internal static class RecurringActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext visit, Actor actor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var (id, reason, back) = (form["id"].ToString(), form["reason"].ToString().Trim(), form["back"].ToString());
        JobActionKind? action = form["action"].ToString() switch
        {
            "trigger" => JobActionKind.Trigger,
            "pause" => JobActionKind.Pause,
            "resume" => JobActionKind.Resume,
            _ => null,
        };
        if (action is not { } kind || id.Length is 0 or > 200 || reason.Length > ActionLimits.ReasonLength)
            return Message.Result(StatusCodes.Status400BadRequest, RecurringTexts.NothingDone, RecurringTexts.Incomplete, PageMap.Recurring.Link(visit.Company.Code, null), RecurringTexts.Back);
        if (kind != JobActionKind.Resume && reason.Length == 0)
        {
            return new RazorComponentResult<ConfirmRecurringPage>(new
            {
                Id = id, Action = form["action"].ToString(), Back = back, Fault = form["confirmed"] == "1" ? RecurringTexts.NeedsReason : null,
            });
        }
        var request = new JobActionRequest { Kind = kind, RecurringJobId = id, Reason = reason.Length == 0 ? null : reason };
        var operation = await actor.DoAsync(request, isSmall: true).ConfigureAwait(false);
        return Outcome.Of(visit, operation, back, 1);
    }
}
