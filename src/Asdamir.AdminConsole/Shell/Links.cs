using Microsoft.AspNetCore.Http.Extensions;

namespace Asdamir.AdminConsole.Shell;

/// <summary>The addresses of the pages. The app stays on all of them.</summary>
internal static class Links
{
    public static string Overview(string company, string? app, string? range = null) => Of(company, "", app, ("range", range));

    public static string Jobs(string company, JobListQuery query) => $"/{company}/jobs{new QueryBuilder(query.Parts()!)}";

    public static string Job(string company, string id, string? app) => Of(company, $"/jobs/{Uri.EscapeDataString(id)}", app);

    public static string Of(string company, string page, string? app, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var query = new QueryBuilder();
        if (app is not null)
            query.Add("app", app);
        foreach (var (name, value) in more)
        {
            if (value is not null)
                query.Add(name, value);
        }
        return $"/{company}{page}{query}";
    }

    /// <summary>An address of this console a form may lead back to, or the company's overview.</summary>
    public static string Back(string company, string? wanted) =>
        wanted is not null && wanted.StartsWith($"/{company}/", StringComparison.Ordinal) && IsPlain(wanted) ? wanted : $"/{company}";

    /// <summary>Whether it can stand in a header, and means the same to every browser.</summary>
    public static bool IsPlain(string address) => address.All(static letter => letter is > ' ' and <= '~' and not '\\');
}
