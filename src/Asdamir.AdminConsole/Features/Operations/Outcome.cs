using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.AspNetCore.WebUtilities;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>Where an operator goes after an action: back, with its outcome, or to its progress while it continues.</summary>
internal static class Outcome
{
    public static IResult Of(RequestContext context, JobOperation operation, string? back, long total) =>
        Results.LocalRedirect(
            operation.IsFinished
                ? QueryHelpers.AddQueryString(
                    WithoutLastOutcome(Links.Back(context.Company.Code, back)), "did", operation.Action.Id.ToString())
                : PageMap.Operation.Of(operation.Action.Id.ToString())
                    .Link(context.Company.Code, context.App, ("of", total.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private static string WithoutLastOutcome(string address)
    {
        var (path, query) = address.IndexOf('?', StringComparison.Ordinal) is var at and >= 0
            ? (address[..at], address[at..])
            : (address, "");
        return QueryHelpers.AddQueryString(
            path,
            QueryHelpers.ParseQuery(query).Where(static part => part.Key != "did")
                .SelectMany(static part => part.Value, static (part, value) => KeyValuePair.Create(part.Key, value)));
    }
}
