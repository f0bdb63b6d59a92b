namespace Asdamir.Data.HangfireJobs;

/// <summary>What became of an action.</summary>
/// <param name="Done">How many jobs or recurring jobs it was carried out on.</param>
/// <param name="Skipped">How many were left as they are, because they changed in the meantime or may not be acted on.</param>
/// <param name="Failed">How many could not be acted on because of an error.</param>
/// <param name="Remarks">Why, for the first hundred of those: the id and the reason.</param>
/// <param name="JobId">The job that a trigger created; otherwise <see langword="null"/>.</param>
public sealed record JobActionReport(int Done, int Skipped, int Failed, IReadOnlyList<KeyValuePair<string, string>> Remarks, string? JobId = null);
