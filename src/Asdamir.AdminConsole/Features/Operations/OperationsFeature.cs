using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Features.Operations;

internal sealed class OperationsFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<OperationPage>(PageMap.Operation, static () => OperationsTexts.Title);
        routes.Live(PageMap.Operation, static (http, request) => LiveFragment.Of<OperationFragment>(
            request,
            LiveFragment.Often,
            (nameof(OperationFragment.Id), OperationFragment.IdOf(http.GetRouteValue("id") as string)),
            (nameof(OperationFragment.Of), OperationFragment.TotalOf(http.Request.Query["of"]))));
    }
}
