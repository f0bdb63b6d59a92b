using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>Maps all features. An address that does not allow anonymous requests needs a sign-in.</summary>
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health").AllowAnonymous();
        SignInRoutes.Map(app);
        app.MapGet(PageMap.Denied, static () => Message.Denied());

        var company = app.MapGroup($"/{{{CompanyAuthorization.RouteValue}}}");
        var acting = company.MapGroup("").AddEndpointFilter(static (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<ActionAuthorization>().InvokeAsync(context, next));
        var services = app.Services;
        var routes = new FeatureRoutes(
            app, company, acting, services.GetRequiredService<Navigation>(), services.GetRequiredService<ConsoleActions>());
        foreach (var feature in Features())
            feature.Map(routes);

        app.MapFallback(static () => Message.NotFound());
    }

    private static IEnumerable<IFeature> Features() =>
        typeof(Routes).Assembly.GetTypes()
            .Where(static type => type.IsClass && type.IsAssignableTo(typeof(IFeature)))
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(static type => (IFeature)Activator.CreateInstance(type)!);
}
