using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>The JSON API under <c>/frameworkapi/hangfire</c>.</summary>
internal static class MonitoringEndpoints
{
    public const string Root = "/frameworkapi/hangfire";
    private const int MaxPageSize = 200;

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Root).WithTags("Background jobs");
        group.MapGet("/statistics", (StatisticsReader reader) =>
            Results.Json(reader.Read(), MonitoringJson.Default.StatisticsAnswer));
        group.MapGet("/jobs", Jobs);
        group.MapGet("/recurring-jobs", (RecurringJobsReader reader) =>
            Results.Json(reader.Read(), MonitoringJson.Default.IReadOnlyListRecurringJobAnswer));
        return group;
    }

    private static IResult Jobs(HttpContext http, JobsReader reader, string? state, string? page, string? pageSize)
    {
        RunState? wanted = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Enum.TryParse<RunState>(state, ignoreCase: true, out var known) || !Enum.IsDefined(known) || char.IsAsciiDigit(state[0]))
                return Invalid("state", $"is not one of {string.Join(", ", Enum.GetNames<RunState>())}");
            wanted = known;
        }
        if (!TryNumber(page, 1, 1, 1_000_000, out var number))
            return Invalid("page", "is not a number from 1 to 1000000");
        if (!TryNumber(pageSize, 50, 1, MaxPageSize, out var size))
            return Invalid("pageSize", $"is not a number from 1 to {MaxPageSize}");

        var (jobs, total, isLimited) = reader.Read(wanted, (number - 1) * size, size);
        http.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        if (isLimited)
            http.Response.Headers["X-Scan-Limit"] = JobsReader.ScanLimit.ToString(CultureInfo.InvariantCulture);
        if (Links(http.Request, wanted, number, size, total) is { Length: > 0 } links)
            http.Response.Headers.Link = links;
        return Results.Json(jobs, MonitoringJson.Default.IReadOnlyListJobAnswer);
    }

    private static string Links(HttpRequest request, RunState? state, int page, int size, int total)
    {
        var path = $"{request.PathBase}{Root}/jobs?{(state is null ? "" : $"state={state}&")}pageSize={size}&page=";
        List<string> links = [];
        if (page > 1)
            links.Add($"<{path}{page - 1}>; rel=\"prev\"");
        if (page * (long)size < total)
            links.Add($"<{path}{page + 1}>; rel=\"next\"");
        return string.Join(", ", links);
    }

    private static bool TryNumber(string? text, int fallback, int least, int most, out int number)
    {
        number = fallback;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);
    }

    private static IResult Invalid(string parameter, string fault) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "Invalid parameter", detail: $"The parameter '{parameter}' {fault}.",
            extensions: new Dictionary<string, object?> { ["parameter"] = parameter });
}
