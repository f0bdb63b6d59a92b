using System.Globalization;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Limits;

/// <summary>Carries out actions on a limit.</summary>
internal static class LimitActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext context, Actor actor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var queue = form["queue"].ToString();
        var name = form["name"].ToString();
        var typed = form["number"].ToString().Trim();
        var typedRate = form["rate"].ToString().Trim();
        var reason = form["reason"].ToString().Trim();
        var back = form["back"].ToString();
        var action = ActionOnLimit.All.FirstOrDefault(action => form["action"] == action.Verb);
        if (action is null || queue.Length is 0 or > ActionLimits.IdLength || name.Length is 0 or > JobLimits.MaxNameLength
            || reason.Length > ActionLimits.ReasonLength)
        {
            return Message.Result(
                StatusCodes.Status400BadRequest, LimitsTexts.NothingDone, LimitsTexts.Incomplete,
                PageMap.Limits.Link(context.Company.Code, null), LimitsTexts.Back);
        }
        var limit = new LimitReference { Queue = queue, Name = name };
        var number = action.TakesValues ? NumberOf(typed) : null;
        var rate = action.TakesValues && JobRate.TryParse(typedRate, out var read) ? read : null;
        var fault = !action.TakesValues ? null
            : rate is null && typedRate.Length > 0 ? LimitsTexts.NeedsRate
            : number is null && (rate is null || typed.Length > 0) ? LimitsTexts.NeedsNumber
            : null;
        if (fault is not null || reason.Length == 0)
        {
            return new RazorComponentResult<ConfirmLimitPage>(new
            {
                Limit = limit,
                Action = action,
                Number = typed,
                Rate = typedRate,
                Reason = reason,
                Back = back,
                Fault = form["confirmed"] == "1" ? fault ?? LimitsTexts.NeedsReason : null,
            });
        }
        var request = new JobActionRequest { Kind = action.Kind, Limit = limit, MaxRunning = number, Rate = rate, Reason = reason };
        var operation = await actor.DoAsync(request, isSmall: true).ConfigureAwait(false);
        return Outcome.Of(context, operation, back, 1);
    }

    private static int? NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= JobLimits.MaxRunning
            ? number
            : null;
}
