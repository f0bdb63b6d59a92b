using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Queues;

/// <summary>Carries out actions on a queue.</summary>
internal static class QueueActions
{
    private const int NameLength = 400;

    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext context, Actor actor, TimeProvider time)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var queue = form["queue"].ToString();
        var reason = form["reason"].ToString().Trim();
        var back = form["back"].ToString();
        var action = ActionOnQueues.All.FirstOrDefault(action => form["action"] == action.Verb);
        var length = PauseLength.Of(form["for"].ToString());
        if (action is null || length is null || queue.Length is 0 or > NameLength || reason.Length > ActionLimits.ReasonLength)
        {
            return Message.Result(
                StatusCodes.Status400BadRequest, QueuesTexts.NothingDone, QueuesTexts.Incomplete,
                PageMap.Queues.Link(context.Company.Code, null), QueuesTexts.Back);
        }
        if (reason.Length == 0)
        {
            var fault = form["confirmed"] == "1" ? QueuesTexts.NeedsReason : null;
            return new RazorComponentResult<ConfirmQueuePage>(new { Queue = queue, Action = action, Back = back, Fault = fault });
        }
        var request = new JobActionRequest
        {
            Kind = action.Kind,
            Queue = queue,
            Reason = reason,
            Until = action.HasEnd ? time.GetUtcNow() + length.Length : null,
        };
        var operation = await actor.DoAsync(request, isSmall: true).ConfigureAwait(false);
        return Outcome.Of(context, operation, back, 1);
    }
}
