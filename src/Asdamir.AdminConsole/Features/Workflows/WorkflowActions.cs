using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Workflows;

/// <summary>Carries out actions on a workflow.</summary>
internal static class WorkflowActions
{
    public static async Task<IResult> HandleAsync(HttpContext http, RequestContext context, Actor actor)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        var id = form["workflow"].ToString();
        var reason = form["reason"].ToString().Trim();
        var back = form["back"].ToString();
        if (form["action"] != ActionOnWorkflow.Cancel.Verb || id.Length is 0 or > ActionLimits.IdLength
            || reason.Length > ActionLimits.ReasonLength)
        {
            return Message.Result(
                StatusCodes.Status400BadRequest, WorkflowsTexts.NothingDone, WorkflowsTexts.Incomplete,
                PageMap.Workflows.Link(context.Company.Code, null), WorkflowsTexts.Back);
        }
        if (reason.Length == 0)
        {
            return new RazorComponentResult<ConfirmWorkflowPage>(new
            {
                Id = id, Back = back, Fault = form["confirmed"] == "1" ? WorkflowsTexts.NeedsReason : null,
            });
        }
        var request = new JobActionRequest { Kind = ActionOnWorkflow.Cancel.Kind, WorkflowId = id, Reason = reason };
        var operation = await actor.DoAsync(request, isSmall: true).ConfigureAwait(false);
        return Outcome.Of(context, operation, back, 1);
    }
}
