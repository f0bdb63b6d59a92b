namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>How far a job has come, see <see cref="IJobContext.Cursor{T}"/>.</summary>
public sealed record JobCursorDetails
{
    /// <summary>The name of the cursor.</summary>
    public required string Name { get; init; }

    /// <summary>When its value was stored (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its value as JSON, with secrets masked.</summary>
    public required string Value { get; init; }
}
