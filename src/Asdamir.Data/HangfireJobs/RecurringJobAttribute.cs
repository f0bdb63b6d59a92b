namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Declares a schedule of a job without arguments. The declared set is applied whenever the app starts: new ones
/// are added, changed ones updated, and those no longer declared are removed.
/// </summary>
/// <param name="cron">5 fields (minute, hour, day, month, weekday) or 6 (second first), or a macro such as <c>@daily</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecurringJobAttribute(string cron) : Attribute
{
    /// <summary>The cron expression.</summary>
    public string Cron { get; } = cron;

    /// <summary>The id within the app. The default value is the job's name.</summary>
    public string? Id { get; init; }

    /// <summary>The IANA id of the time zone, for example <c>Europe/Berlin</c>. The default value is <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// What happens to occurrences missed while no server was running. The default value is <see cref="MisfirePolicy.RunOnce"/>.
    /// </summary>
    public MisfirePolicy Misfire { get; init; }
}
