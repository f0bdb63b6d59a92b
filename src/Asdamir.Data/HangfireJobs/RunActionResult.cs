namespace Asdamir.Data.HangfireJobs;

/// <summary>Whether an action on a run was carried out, and if not, why.</summary>
/// <param name="Done">The action was carried out.</param>
/// <param name="Reason">Why it was refused; <see langword="null"/> when it was carried out.</param>
public sealed record RunActionResult(bool Done, string? Reason)
{
    internal static RunActionResult Success { get; } = new(true, null);

    internal static RunActionResult Refused(string reason) => new(false, reason);
}
