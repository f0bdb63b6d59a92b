using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>Carries out actions on a recurring job.</summary>
internal static class RecurringActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext context, Actor actor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var id = form["id"].ToString();
        var reason = form["reason"].ToString().Trim();
        var back = form["back"].ToString();
        var action = ActionOnRecurringJob.All.FirstOrDefault(action => form["action"] == action.Verb);
        if (action is null || id.Length is 0 or > 200 || reason.Length > ActionLimits.ReasonLength)
        {
            return Message.Result(
                StatusCodes.Status400BadRequest, RecurringTexts.NothingDone, RecurringTexts.Incomplete,
                PageMap.Recurring.Link(context.Company.Code, null),
                RecurringTexts.Back);
        }
        if (action.Hint is not null && reason.Length == 0)
        {
            var fault = form["confirmed"] == "1" ? RecurringTexts.NeedsReason : null;
            return new RazorComponentResult<ConfirmRecurringPage>(new { Id = id, Action = action, Back = back, Fault = fault });
        }
        var request = new JobActionRequest { Kind = action.Kind, RecurringJobId = id, Reason = reason.Length == 0 ? null : reason };
        var operation = await actor.DoAsync(request, isSmall: true).ConfigureAwait(false);
        return Outcome.Of(context, operation, back, 1);
    }
}
