using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Audit;

internal sealed class AuditFeature : IFeature
{
    public const string CsvSuffix = ".csv";

    public void Map(FeatureRoutes routes)
    {
        routes.Page<AuditPage>(PageMap.Audit, static () => AuditTexts.Title);
        routes.File(PageMap.Audit, CsvSuffix, static (
            HttpContext http, RequestContext request, CompanyDirectory companies, AuditFile file) =>
            file.SendAsync(http, request, companies));
    }
}
