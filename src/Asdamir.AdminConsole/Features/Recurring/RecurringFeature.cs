using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Recurring;

internal sealed class RecurringFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<RecurringPage>(PageMap.Recurring, static () => RecurringTexts.Title);
        routes.Action(PageMap.Recurring, RecurringActions.HandleAsync, ActionOnRecurringJob.All);
    }
}
