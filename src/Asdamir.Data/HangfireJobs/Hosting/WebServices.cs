using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

internal static class WebServices
{
    /// <summary>
    /// The services of API and dashboard. A host without a web server lacks what they depend on, and must not create keys for cookies.
    /// </summary>
    public static void AddWeb(this IServiceCollection services)
    {
        // The start-up checks need them in every host.
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<JobMappings>();
        if (!services.Any(static service => service.ServiceType == typeof(IWebHostEnvironment)))
            return;
        services.AddAuthorization();
        services.AddSingleton<AccessFilter>();
        services.AddAntiforgery();
        // By default the framework sends the cookie over plain HTTP even when the app is served over HTTPS.
        services.Configure<AntiforgeryOptions>(static antiforgery =>
        {
            if (antiforgery.Cookie.SecurePolicy == CookieSecurePolicy.None)
                antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }
}
