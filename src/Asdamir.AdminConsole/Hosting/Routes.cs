using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Features.Companies;
using Asdamir.AdminConsole.Features.Jobs;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Features.Overview;
using Asdamir.AdminConsole.Features.Queues;
using Asdamir.AdminConsole.Features.Recurring;
using Asdamir.AdminConsole.Features.Servers;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>All addresses of the console. Whatever is not said to be open needs a sign-in.</summary>
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health").AllowAnonymous();
        SignInRoutes.Map(app);
        app.MapGet("/", Start);
        app.MapGet("/companies", Page<CompaniesPage>);
        app.MapGet("/denied", static () => Message.Result(StatusCodes.Status403Forbidden, "Denied", "You may not do that.", "/companies", "To the companies"));

        var company = app.MapGroup($"/{{{CompanyAuthorization.RouteValue}}}");
        company.MapGet("/", Page<OverviewPage>);
        company.MapGet("/jobs", Page<JobsPage>);
        company.MapGet("/jobs/{id}", Page<JobPage>);
        company.MapGet("/jobs/{id}/log", LogFile.SendAsync);
        company.MapGet("/recurring", Page<RecurringPage>);
        company.MapGet("/servers", Page<ServersPage>);
        company.MapGet("/queues", Page<QueuesPage>);
        company.MapGet("/operations/{id}", Page<OperationPage>);
        company.MapGet("/audit", Page<AuditPage>);
        company.MapGet("/audit.csv", static (HttpContext http, RequestContext visit, CompanyDirectory companies, AuditFile file) => file.SendAsync(http, visit, companies));
        LiveRoutes.Map(company);

        var acting = company.MapGroup("").AddEndpointFilter(static (context, next) => context.HttpContext.RequestServices.GetRequiredService<ActionAuthorization>().InvokeAsync(context, next));
        acting.MapPost("/jobs/act", JobActions.HandleAsync);
        acting.MapPost("/recurring/act", RecurringActions.HandleAsync);

        app.MapFallback(static () => Message.NotFound());
    }

    private static RazorComponentResult<TPage> Page<TPage>() where TPage : IComponent => new();

    // Who has one company need not choose.
    private static IResult Start(CompanyDirectory companies, RequestContext visit) =>
        Results.LocalRedirect(companies.All.Where(company => Roles.Of(visit.Principal, company) != Role.None).Take(2).ToList() is [var only] ? $"/{only.Code}" : "/companies");
}
