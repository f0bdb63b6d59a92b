namespace Asdamir.Data.HangfireJobs;

/// <summary>Whether an action on a job was carried out, and if not, why.</summary>
/// <param name="Done">The action was carried out.</param>
/// <param name="Reason">Why it was refused; <see langword="null"/> when it was carried out.</param>
public sealed record JobActionResult(bool Done, string? Reason)
{
    internal static JobActionResult Success { get; } = new(true, null);

    internal static JobActionResult Refused(string reason) => new(false, reason);
}
