namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Who may open the JSON API and the dashboard. Without a policy nobody may, except, in the Development
/// environment, a browser on this machine that is not behind a proxy.
/// </summary>
public sealed class HangfireJobsAccessOptions
{
    /// <summary>The name of an authorization policy of the host: who may look. The default value is empty: no policy.</summary>
    public string Policy { get; set; } = "";

    /// <summary>
    /// The name of an authorization policy of the host: who of those who may look may also act. The default value is empty: all of them.
    /// </summary>
    public string OperatorPolicy { get; set; } = "";

    /// <summary>Whether API and dashboard only show, and offer no action to anybody. The default value is <see langword="false"/>.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// Further names, separated by commas, whose values API and dashboard hide, as in <c>taxId, salary</c>. Names such as
    /// <c>password</c>, <c>apiKey</c> and <c>token</c> are known. The default value is empty.
    /// </summary>
    public string MaskedKeys { get; set; } = "";

    /// <summary>The most requests a user, or an address without a user, may send to the API in a minute, 1 to 100,000. The default value is 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>The most actions a user, or an address without a user, may ask the API for in a minute, 1 to 100,000. The default value is 120.</summary>
    public int ActionsPerMinute { get; set; } = 120;
}
