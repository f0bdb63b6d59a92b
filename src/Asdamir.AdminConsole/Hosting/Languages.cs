using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>The languages the pages are written in: English, and those whose texts were built beside it.</summary>
internal static class Languages
{
    public static void Use(WebApplication app)
    {
        CultureInfo[] installed = [CultureInfo.GetCultureInfo("en"), .. Translated()];
        app.UseRequestLocalization(new RequestLocalizationOptions
        {
            // Numbers and times look the same in all languages.
            DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, installed[0]),
            SupportedCultures = [CultureInfo.InvariantCulture],
            SupportedUICultures = [.. installed],
            RequestCultureProviders = [new AcceptLanguageHeaderRequestCultureProvider()],
        });
    }

    private static IEnumerable<CultureInfo> Translated()
    {
        var texts = $"{typeof(Languages).Assembly.GetName().Name}.resources.dll";
        return Directory.EnumerateDirectories(AppContext.BaseDirectory)
            .Where(folder => File.Exists(Path.Combine(folder, texts)))
            .Select(static folder => CultureInfo.GetCultureInfo(Path.GetFileName(folder)));
    }
}
