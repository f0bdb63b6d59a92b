using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Features.Overview;

internal sealed class OverviewFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<OverviewPage>(PageMap.Overview, static () => OverviewTexts.Title);
        routes.Live(PageMap.Overview, static (http, request) => LiveFragment.Of<OverviewFragment>(
            request,
            LiveFragment.Usually,
            (nameof(OverviewFragment.App), request.App),
            (nameof(OverviewFragment.Range), OverviewRange.Of(http.Request.Query["range"]))));
    }
}
