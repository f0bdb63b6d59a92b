using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Features.Queues;

internal sealed class QueuesFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<QueuesPage>(PageMap.Queues, static () => QueuesTexts.Title);
        routes.Action(PageMap.Queues, QueueActions.HandleAsync, ActionOnQueues.All);
        routes.Live(PageMap.Queues, static (_, request) =>
            LiveFragment.Of<QueuesFragment>(request, LiveFragment.Usually, (nameof(QueuesFragment.App), request.App)));
    }
}
