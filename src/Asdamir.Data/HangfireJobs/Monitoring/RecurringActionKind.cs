using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>A kind of action on a recurring job.</summary>
internal sealed record RecurringActionKind
{
    /// <param name="recurring">Changes the recurring job.</param>
    /// <param name="storedId">The recurring job.</param>
    /// <param name="reason">The operator's reason, or <see langword="null"/>.</param>
    /// <returns><see langword="null"/> when there is no such recurring job.</returns>
    public delegate JobActionResult? Action(RecurringJobs recurring, string storedId, string? reason);

    public required JobActionKind Kind { get; init; }

    /// <summary>What it does, for the API's document.</summary>
    public required string Summary { get; init; }

    /// <summary>What it returns, for the API's document.</summary>
    public string Result { get; init; } = "The result of the action.";

    /// <summary>Whether the state of the recurring job can refuse it.</summary>
    public bool MayConflict { get; init; }

    public required Action Execute { get; init; }
}
