using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Antiforgery;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>Stands before everything that changes something: only operators, and only from a page of this console.</summary>
internal sealed class ActionAuthorization(IAntiforgery antiforgery, AuditTrail audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var request = http.RequestServices.GetRequiredService<RequestContext>();
        if (!request.MayAct)
        {
            audit.Denied(request, request.Company, "A viewer may not act.");
            return Message.Result(
                StatusCodes.Status403Forbidden, ShellTexts.MayNotAct, ShellTexts.FormatMayNotActHint(request.Company.Name));
        }
        if (!await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
        {
            audit.Denied(request, request.Company, "The antiforgery token is missing or belongs to another session.");
            return Message.SessionChanged();
        }
        return await next(context).ConfigureAwait(false);
    }
}
