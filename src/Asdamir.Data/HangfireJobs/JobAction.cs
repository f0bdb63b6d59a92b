namespace Asdamir.Data.HangfireJobs;

/// <summary>What somebody asks for.</summary>
/// <param name="Id">Identifies the action in the audit.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Target">The ids of jobs or of a recurring job, or the filter that selects jobs, as text.</param>
/// <param name="Reason">Why, in the words of who asks; <see langword="null"/> for none given.</param>
/// <param name="User">The signed-in user; <see langword="null"/> for nobody.</param>
/// <param name="Address">Where the request came from; <see langword="null"/> when unknown.</param>
/// <param name="TraceId">The trace of the request; <see langword="null"/> for none.</param>
/// <param name="At">When (UTC).</param>
public sealed record JobAction(
    Guid Id, JobActionKind Kind, string Target, string? Reason, string? User, string? Address, string? TraceId, DateTimeOffset At);
