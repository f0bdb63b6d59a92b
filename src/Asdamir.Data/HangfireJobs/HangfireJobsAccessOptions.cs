namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Who may open the JSON API and the dashboard. Without a policy nobody may, except, in the Development
/// environment, a browser on this machine that is not behind a proxy.
/// </summary>
public sealed class HangfireJobsAccessOptions
{
    /// <summary>The name of an authorization policy of the host. The default value is empty: no policy.</summary>
    public string Policy { get; set; } = "";

    /// <summary>Whether the dashboard only shows, and offers no action. The default value is <see langword="false"/>.</summary>
    public bool ReadOnly { get; set; }
}
