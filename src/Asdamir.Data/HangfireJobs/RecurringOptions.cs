namespace Asdamir.Data.HangfireJobs;

/// <summary>What a recurring job has beside its job type, its arguments and its cron expression.</summary>
public sealed record RecurringOptions
{
    /// <summary>
    /// The id within the app, without the app's prefix. The default value is <see langword="null"/>: the name of the job type.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The IANA id of the time zone in which the cron expression is read. The default value is <c>UTC</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// The priority of its jobs, from 0 (first) to 9, see <see cref="JobOptions.Priority"/>. The default value is <see langword="null"/>:
    /// as <see cref="PriorityAttribute">[Priority]</see> on the job type says, or 5.
    /// </summary>
    public int? Priority { get; init; }

    /// <summary>
    /// The fairness key of its jobs, see <see cref="JobOptions.FairnessKey"/>. The default value is <see langword="null"/>: as
    /// <see cref="FairnessKeyAttribute">[FairnessKey]</see> on a property of the arguments says.
    /// </summary>
    public string? FairnessKey { get; init; }

    /// <summary>What happens to missed occurrences. The default value is <see cref="MisfirePolicy.RunOnce"/>.</summary>
    public MisfirePolicy Misfire { get; init; } = MisfirePolicy.RunOnce;
}
