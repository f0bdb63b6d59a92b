using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>
/// Stands before every address of a company, whatever it does: for whom has no role there, the company does not exist.
/// </summary>
internal sealed class CompanyAuthorization(RequestDelegate next)
{
    public const string RouteValue = "code";

    public Task InvokeAsync(HttpContext http, CompanyDirectory companies, RequestContext context, AuditTrail audit)
    {
        if (http.GetRouteValue(RouteValue) is not string code)
            return next(http);
        var company = companies.Find(code);
        var role = company is null ? Role.None : Roles.Of(http.User, company);
        if (company is null || role == Role.None)
        {
            // The same for one that does not exist: the time until the answer must not tell them apart.
            if (ConsoleOptionsReader.IsCode(code))
                audit.Denied(context, company, company is null ? "There is no such company." : "No role in this company.");
            return Message.NotFound(http);
        }
        context.Enter(company, role);
        return next(http);
    }
}
