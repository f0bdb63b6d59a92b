using Microsoft.AspNetCore.Http.Extensions;

namespace Asdamir.AdminConsole.Shell;

/// <summary>Links with parameters, built from <see cref="PageMap"/>.</summary>
internal static class Links
{
    public static string Jobs(string company, JobListQuery query) => PageMap.Jobs.Link(company, null) + new QueryBuilder(query.Parts()!);

    /// <summary>The failed jobs by the kind of their error, narrowed by the app and the start of a query.</summary>
    public static string Failures(string company, JobListQuery query) =>
        PageMap.Failures.Link(company, null) + new QueryBuilder(new JobListQuery { App = query.App, From = query.From }.Parts()!);

    public static string Job(string company, string id, string? app) => PageMap.Job.Of(id).Link(company, app);

    /// <summary>An address of this console a form may lead back to, or the company's overview.</summary>
    public static string Back(string company, string? wanted) =>
        wanted is not null && wanted.StartsWith($"/{company}/", StringComparison.Ordinal) && IsPlain(wanted)
            ? wanted
            : PageMap.Overview.Link(company, null);

    /// <summary>Whether it can stand in a header, and means the same to every browser.</summary>
    public static bool IsPlain(string address) => address.All(static letter => letter is > ' ' and <= '~' and not '\\');
}
