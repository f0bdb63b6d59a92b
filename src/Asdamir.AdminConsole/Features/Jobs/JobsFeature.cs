using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;

namespace Asdamir.AdminConsole.Features.Jobs;

internal sealed class JobsFeature : IFeature
{
    public void Map(FeatureRoutes routes)
    {
        routes.Page<JobsPage>(PageMap.Jobs, static () => JobsTexts.Title);
        routes.Live(PageMap.Jobs, Tabs);
        routes.Action(PageMap.Jobs, JobActions.HandleAsync, ActionOnJobs.All);

        routes.Page<FailuresPage>(PageMap.Failures, static () => JobsTexts.Failures);

        routes.Page<JobPage>(PageMap.Job, static () => JobsTexts.Job);
        routes.Live(PageMap.Job, Job);
        routes.File(PageMap.Job, LogFile.Suffix, LogFile.SendAsync);
    }

    private static LiveFragment Tabs(HttpContext http, RequestContext request)
    {
        var query = JobListQuery.Of(http.Request.Query);
        // Nothing is new beyond the first page.
        var since = query.After is null ? JobListQuery.TimeOf(http.Request.Query["since"]) : null;
        return LiveFragment.Of<JobTabsFragment>(
            request,
            LiveFragment.Usually,
            // What the tabs do not show must not make another fragment.
            (nameof(JobTabsFragment.Query), query with { After = null, Faults = [] }),
            (nameof(JobTabsFragment.Since), since));
    }

    private static LiveFragment? Job(HttpContext http, RequestContext request) =>
        http.GetRouteValue("id") is string { Length: <= ActionLimits.IdLength } id
            ? LiveFragment.Of<JobFragment>(
                request,
                LiveFragment.Often,
                (nameof(JobFragment.App), request.App),
                (nameof(JobFragment.Id), id),
                (nameof(JobFragment.Least), JobFragment.LevelOf(http.Request.Query["level"])))
            : null;
}
