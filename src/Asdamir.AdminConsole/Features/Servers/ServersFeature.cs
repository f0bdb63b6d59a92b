using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Features.Servers;

internal sealed class ServersFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<ServersPage>(PageMap.Servers, static () => ServersTexts.Title);
        routes.Live(PageMap.Servers, static (_, request) =>
            LiveFragment.Of<ServersFragment>(request, LiveFragment.Usually, (nameof(ServersFragment.App), request.App)));
    }
}
