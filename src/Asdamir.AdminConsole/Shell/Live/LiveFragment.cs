using System.Globalization;
using System.Text.Json;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Microsoft.AspNetCore.Components;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>A part of a page that is kept up to date. Pages that show the same fragment share its drawings.</summary>
/// <param name="Key">Equal for fragments that look the same.</param>
/// <param name="Company">The code of the company whose storage it reads.</param>
/// <param name="Component">The component that draws it; nothing in it depends on the user.</param>
/// <param name="Interval">The time between two drawings.</param>
internal sealed record LiveFragment(string Key, string Company, Type Component, Dictionary<string, object?> Parameters, TimeSpan Interval)
{
    /// <summary>The language it is drawn in.</summary>
    public CultureInfo Language { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>For the progress of one job or one operation.</summary>
    public static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Usually = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A fragment of the request's company. The key is made from the parsed parameters and not from the address: other text in an address
    /// must not make another fragment.
    /// </summary>
    public static LiveFragment Of<TComponent>(
        RequestContext request, TimeSpan interval, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TComponent : IComponent
    {
        var all = new Dictionary<string, object?> { [nameof(Company)] = request.Company };
        List<string?> key = [typeof(TComponent).Name, request.Company.Code, CultureInfo.CurrentUICulture.Name];
        foreach (var (name, value) in parameters)
        {
            all.Add(name, value);
            key.Add(value switch
            {
                ILiveParameter parameter => parameter.Key,
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                _ => value?.ToString(),
            });
        }
        return new LiveFragment(JsonSerializer.Serialize(key), request.Company.Code, typeof(TComponent), all, interval);
    }
}
