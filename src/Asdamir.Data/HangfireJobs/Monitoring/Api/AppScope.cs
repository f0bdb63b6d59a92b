using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>What of the schema this app's API shows and acts on: with an AppQueue its own part, otherwise all of it.</summary>
internal sealed class AppScope(AppIdentity app, JobRouting routing)
{
    /// <summary>The only app that is shown; <see langword="null"/> for all.</summary>
    public string? App => app.IsIsolated ? app.Queue : null;

    public bool MayActOn(string queue) => !app.IsIsolated || routing.Owns(queue);

    /// <exception cref="InvalidParameterException">Another app is asked for.</exception>
    public string? Restrict(string? wanted) =>
        App is null || wanted is null || wanted == App ? App ?? wanted
        : throw new InvalidParameterException("app", $"is not '{App}', and this app's API shows nothing else");
}
