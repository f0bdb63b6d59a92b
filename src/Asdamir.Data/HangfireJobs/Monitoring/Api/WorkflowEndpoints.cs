using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Lists of workflows, and single ones with their jobs.</summary>
internal static class WorkflowEndpoints
{
    private const int MaxPageSize = 200;

    private static readonly ApiParameter PageSize = new(
        "pageSize", JsonSchemaType.Integer, "The most entries of a page.", new() { Minimum = 1, Maximum = MaxPageSize, Default = 50 });

    public static void Map(ApiRoutes routes)
    {
        routes.Add(
                "/workflows", static (group, route) => group.MapGet(route, ListAsync),
                "workflows", "List workflows with their progress, the newest first")
            .With(
                ApiParameter.App, PageSize,
                new ApiParameter(
                    "before", JsonSchemaType.String, "Only those before this one: the last one of the page before.",
                    new() { MaxLength = Parameters.MaxText }, "4711"))
            .Returns<IReadOnlyList<WorkflowAnswer>>("A page of workflows; none on a storage of another package.")
            .Validates()
            .UsesStorage();
        routes.Add(
                "/workflows/{id}", static (group, route) => group.MapGet(route, FindAsync),
                "workflow", "Show one workflow with a page of its jobs")
            .With(
                ApiParameter.WorkflowId, PageSize,
                new ApiParameter(
                    "after", JsonSchemaType.String, "Only the jobs after this one: next of the page before.",
                    new() { MaxLength = Parameters.MaxText }, "4712"))
            .Returns<WorkflowDetailsAnswer>()
            .MayNotFind()
            .Validates()
            .UsesStorage();
    }

    public static IResult NoSuchWorkflow(string id) => MonitoringEndpoints.NotFound($"There is no workflow '{id}'.");

    private static async Task<IResult> ListAsync(
        IJobMonitor monitor, string? app, string? pageSize, string? before, CancellationToken cancellationToken)
    {
        var workflows = await monitor.GetWorkflowsAsync(
            Parameters.Number("pageSize", pageSize, 50, 1, MaxPageSize), Parameters.Text("before", before),
            Parameters.App(monitor, app), cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<WorkflowAnswer>>(
            [.. workflows.Select(WorkflowAnswer.Of)], MonitoringJson.Default.IReadOnlyListWorkflowAnswer);
    }

    private static async Task<IResult> FindAsync(
        IJobMonitor monitor, string id, string? pageSize, string? after, CancellationToken cancellationToken) =>
        await monitor.FindWorkflowAsync(
            id, Parameters.Number("pageSize", pageSize, 50, 1, MaxPageSize), Parameters.Text("after", after),
            cancellationToken: cancellationToken).ConfigureAwait(false) is { } workflow
            ? Results.Json(WorkflowDetailsAnswer.Of(workflow), MonitoringJson.Default.WorkflowDetailsAnswer)
            : NoSuchWorkflow(id);
}
