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
            (nameof(OverviewFragment.Range), OverviewRange.Of(http.Request.Query["range"])),
            (nameof(OverviewFragment.ShowsAll), ShowsAll(http.Request.Query))));
    }

    /// <summary>Whether an address asks for all apps that need attention.</summary>
    public static bool ShowsAll(IQueryCollection query) => query["attention"] == "all";
}
