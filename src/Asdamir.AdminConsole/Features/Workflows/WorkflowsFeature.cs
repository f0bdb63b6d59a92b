using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Workflows;

internal sealed class WorkflowsFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<WorkflowsPage>(PageMap.Workflows, static () => WorkflowsTexts.Title);
        routes.Action(PageMap.Workflows, WorkflowActions.HandleAsync, ActionOnWorkflow.Cancel);
        routes.Page<WorkflowPage>(PageMap.Workflow, static () => WorkflowsTexts.Workflow);
    }
}
