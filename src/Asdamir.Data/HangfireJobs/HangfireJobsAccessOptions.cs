using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Who may open the JSON API and the dashboard. Without a policy both are closed, except, in the Development
/// environment, to a browser on this machine that is not behind a proxy.
/// </summary>
public sealed class HangfireJobsAccessOptions
{
    /// <summary>
    /// The name of the host's authorization policy that a user must meet to open API and dashboard. The default value is empty: no policy.
    /// </summary>
    public string Policy { get; set; } = "";

    /// <summary>
    /// The name of the host's authorization policy that a user must also meet to act. The default value is empty: all users who meet
    /// <see cref="Policy"/> may act.
    /// </summary>
    public string OperatorPolicy { get; set; } = "";

    /// <summary>Whether API and dashboard refuse all actions. The default value is <see langword="false"/>.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// Whether the API serves its reference, a page that shows all routes and calls them. The default value is empty: in the Development
    /// environment only.
    /// </summary>
    public bool? ApiReference { get; set; }

    /// <summary>
    /// Further names, separated by commas, whose values API and dashboard hide, as in <c>taxId, salary</c>; each has at least 3 letters or
    /// digits. Names such as <c>password</c>, <c>apiKey</c> and <c>token</c> are always hidden. The default value is empty.
    /// </summary>
    [NameList]
    public string MaskedKeys { get; set; } = "";

    /// <summary>
    /// The most API requests per minute from one user, or from one address without a user, 1 to 100,000. The default value is 600.
    /// </summary>
    [Number(1, 100_000, "set how many requests one user may send in a minute")]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>
    /// The most API actions per minute from one user, or from one address without a user, 1 to 100,000. The default value is 120.
    /// </summary>
    [Number(1, 100_000, "set how many actions one user may request in a minute")]
    public int ActionsPerMinute { get; set; } = 120;
}
