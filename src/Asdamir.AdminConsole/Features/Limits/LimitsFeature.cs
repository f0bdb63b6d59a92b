using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Limits;

internal sealed class LimitsFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<LimitsPage>(PageMap.Limits, static () => LimitsTexts.Title);
        routes.Action(PageMap.Limits, LimitActions.HandleAsync, ActionOnLimit.All);
    }
}
