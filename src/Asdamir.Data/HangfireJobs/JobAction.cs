namespace Asdamir.Data.HangfireJobs;

/// <summary>An action that an operator has asked for, as the audit sees it.</summary>
public sealed record JobAction
{
    /// <summary>Identifies the action in the audit.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is done.</summary>
    public required JobActionKind Kind { get; init; }

    /// <summary>
    /// The ids of jobs, separated by spaces, the id of a recurring job, the queue with the end of its pause, the filter that selects the
    /// jobs, as text, the queue and the name of a limit with its new number, as in <c>crm: smtp = 2</c>, or
    /// the id of a workflow.
    /// </summary>
    public required string Target { get; init; }

    /// <summary>Why, in the operator's words; <see langword="null"/> when no reason was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The signed-in user; <see langword="null"/> for an anonymous user.</summary>
    public string? User { get; init; }

    /// <summary>The IP address of the request; <see langword="null"/> when unknown.</summary>
    public string? Address { get; init; }

    /// <summary>The trace id of the request; <see langword="null"/> for none.</summary>
    public string? TraceId { get; init; }

    /// <summary>When the action was asked for (UTC).</summary>
    public required DateTimeOffset At { get; init; }
}
