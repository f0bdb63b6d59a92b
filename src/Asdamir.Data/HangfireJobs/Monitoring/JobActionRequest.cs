using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>
/// An action to carry out, and by whom. It has exactly one target: <see cref="Jobs"/> or <see cref="Filter"/> for an action on jobs,
/// <see cref="RecurringJobId"/> for an action on a recurring job, <see cref="Queue"/> for an action on a queue, <see cref="Limit"/> for an
/// action on a limit, <see cref="WorkflowId"/> for an action on a workflow.
/// </summary>
public sealed record JobActionRequest
{
    /// <summary>What is done.</summary>
    public required JobActionKind Kind { get; init; }

    /// <summary>The jobs it is meant for.</summary>
    public IReadOnlyList<JobReference>? Jobs { get; init; }

    /// <summary>
    /// Selects the jobs it is meant for. Set <see cref="JobListFilter.To"/>, or jobs that enter the state meanwhile are included.
    /// </summary>
    public JobListFilter? Filter { get; init; }

    /// <summary>The stored id of the recurring job it is meant for.</summary>
    public string? RecurringJobId { get; init; }

    /// <summary>
    /// The name of the queue it is meant for. It need not exist: a pause holds for jobs that come. Refused when no app can have a queue of
    /// this name.
    /// </summary>
    public string? Queue { get; init; }

    /// <summary>
    /// When a <see cref="JobActionKind.PauseQueue"/> ends, by the clock of the database; <see langword="null"/> (the default) for one that
    /// lasts until it is resumed. Refused when it has passed.
    /// </summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The limit it is meant for.</summary>
    public LimitReference? Limit { get; init; }

    /// <summary>
    /// How many jobs a <see cref="JobActionKind.ChangeLimit"/> permits at the same time, for each key of the limit: from 0, with which none
    /// begins, to 1,000,000. <see langword="null"/> (the default) to leave the number as it is, and for every other kind.
    /// </summary>
    public int? MaxRunning { get; init; }

    /// <summary>The id of the workflow it is meant for.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>
    /// How many jobs may begin in a window after a <see cref="JobActionKind.ChangeLimit"/>, for each key of the limit;
    /// <see langword="null"/> (the default) to leave the rate as it is, and for every other kind.
    /// </summary>
    public JobRate? Rate { get; init; }

    /// <summary>
    /// The target as the audit names it; <see langword="null"/> (the default) for the ids, the queue with the end of its pause, the limit,
    /// or the filter as text.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>Why, in the operator's words; <see langword="null"/> (the default) for no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>The user, for the audit; <see langword="null"/> (the default) for an anonymous user.</summary>
    public string? User { get; init; }

    /// <summary>The IP address of the request, for the audit; <see langword="null"/> (the default) when unknown.</summary>
    public string? Address { get; init; }

    /// <summary>The trace id of the request, for the audit; <see langword="null"/> (the default) for none.</summary>
    public string? TraceId { get; init; }

    /// <summary>An audit of this action, beside those of the monitor; <see langword="null"/> (the default) for none.</summary>
    public IJobActionAudit? Audit { get; init; }
}
