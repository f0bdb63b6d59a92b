using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>Where the API and the dashboard are mapped: checks each pattern, and that no route is mapped twice.</summary>
internal sealed class JobMappings(AccessPolicy access)
{
    private readonly HashSet<(IEndpointRouteBuilder Endpoints, string Pattern)> _mapped = [];

    public static JobMappings Of(IEndpointRouteBuilder endpoints, string method)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetService<JobMappings>()
            ?? throw new InvalidOperationException(
                $"{method} needs the background jobs. Fix: "
                    + "call builder.Services.AddCoreHangfireJobs(builder.Configuration) before builder.Build().");
    }

    /// <returns>The pattern with a leading slash, and without one at its end.</returns>
    public string Add(IEndpointRouteBuilder endpoints, string pattern, string method)
    {
        var path = Check(pattern);
        if (!_mapped.Add((endpoints, path.ToUpperInvariant())))
        {
            throw new InvalidOperationException(
                $"'{path}' is mapped already, so {method} cannot map it. Fix: map it once, or under another pattern.");
        }
        access.IsUsed = true;
        return path;
    }

    private static string Check(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        const string Fix = "Fix: give a path without parameters, such as \"/ops/jobs\".";
        RoutePattern route;
        try
        {
            route = RoutePatternFactory.Parse(pattern);
        }
        catch (RoutePatternException exception)
        {
            throw new ArgumentException($"'{pattern}' is not a route pattern: {exception.Message} {Fix}", nameof(pattern), exception);
        }
        // All below the pattern is answered, also what is unknown, so it must not be the whole app.
        if (route.PathSegments.Count == 0)
        {
            throw new ArgumentException(
                $"'{pattern}' is the root of the app, where only the API or the dashboard would answer. {Fix}", nameof(pattern));
        }
        if (route.Parameters.Count > 0)
            throw new ArgumentException($"'{pattern}' has the parameter '{route.Parameters[0].Name}'. {Fix}", nameof(pattern));
        return $"/{pattern.TrimStart('~').Trim('/')}";
    }
}
