using Microsoft.AspNetCore.Http.Extensions;

namespace Asdamir.AdminConsole.Shell;

/// <summary>A page of a company, with all addresses that belong to it.</summary>
/// <param name="Path">Its address below the company, as a route pattern; <c>{id}</c> stands for what it shows.</param>
/// <param name="Key">The key that opens it after <c>g</c>; <see langword="null"/> for a page that is not in the navigation.</param>
/// <param name="Live">The name of its live fragment in addresses; <see langword="null"/> for none.</param>
internal sealed record ConsolePage(string Path, char? Key = null, string? Live = null)
{
    private const string IdPattern = "{id}";

    /// <summary>Where forms of this page are sent.</summary>
    public string ActionPath => $"{Path}/act";

    public string LivePath => $"/live/{Live}";

    /// <summary>The page of one job, one operation.</summary>
    public ConsolePage Of(string id)
    {
        var escaped = Uri.EscapeDataString(id);
        return this with
        {
            Path = Path.Replace(IdPattern, escaped, StringComparison.Ordinal),
            Live = Live?.Replace(IdPattern, escaped, StringComparison.Ordinal)
        };
    }

    /// <summary>The address with the parts that are not <see langword="null"/>; the app stays on all links.</summary>
    public string Link(string company, string? app, params ReadOnlySpan<(string Name, string? Value)> more) =>
        Address(company, Path, app, more);

    /// <summary>The address of a file that belongs to the page.</summary>
    /// <param name="suffix">What follows the page's own address, as in <c>.csv</c>.</param>
    public string FileLink(string suffix, string company, string? app, params ReadOnlySpan<(string Name, string? Value)> more) =>
        Address(company, Path + suffix, app, more);

    public string ActionLink(string company, string? app) => Address(company, ActionPath, app, []);

    public string LiveLink(string company, string? app, params ReadOnlySpan<(string Name, string? Value)> more) =>
        Address(company, LivePath, app, more);

    /// <summary>Whether an address is this page, or one below it.</summary>
    public bool Contains(string company, string address) =>
        Path.Length == 0 ? address.TrimEnd('/') == $"/{company}" : address.StartsWith($"/{company}{Path}", StringComparison.Ordinal);

    private static string Address(string company, string path, string? app, ReadOnlySpan<(string Name, string? Value)> more)
    {
        var query = new QueryBuilder();
        if (app is not null)
            query.Add("app", app);
        foreach (var (name, value) in more)
        {
            if (value is not null)
                query.Add(name, value);
        }
        return $"/{company}{path}{query}";
    }
}
