namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>Marks an endpoint with its route below the pattern, such as <c>/jobs/{id}</c>.</summary>
internal sealed record MappedRoute(string Pattern)
{
    public int Segments { get; } = Pattern.Count(static character => character == '/');
}
