using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A kind of action on jobs.</summary>
internal sealed record JobsActionKind
{
    /// <param name="transitions">Changes the job.</param>
    /// <param name="id">The job.</param>
    /// <param name="reason">The operator's reason, or <see langword="null"/>.</param>
    /// <param name="isMine">Which queues may be acted on.</param>
    /// <param name="expected">The state it was seen in; <see langword="null"/> for any state that permits the action.</param>
    public delegate JobActionResult Action(
        JobTransitions transitions, string id, string? reason, Func<string, bool> isMine, string? expected);

    public required JobActionKind Kind { get; init; }

    /// <summary>What it does to one job, for the API's document.</summary>
    public required string Summary { get; init; }

    /// <summary>What it does to many jobs, for the API's document.</summary>
    public required string SummaryOfMany { get; init; }

    /// <summary>What else there is to know about it.</summary>
    public required string Details { get; init; }

    public required Action Execute { get; init; }
}
