using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Features.Companies;

internal sealed class CompaniesFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Site.MapGet(PageMap.Start, Start);
        routes.Site.MapGet(PageMap.Companies, static () => new RazorComponentResult<CompaniesPage>());
    }

    // With one company there is nothing to choose.
    private static IResult Start(CompanyDirectory companies, RequestContext request) =>
        Results.LocalRedirect(companies.All.Where(company => Roles.Of(request.Principal, company) != Role.None).Take(2)
            .ToList() is [var only]
            ? PageMap.Overview.Link(only.Code, null)
            : PageMap.Companies);
}
