namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// A property of the arguments whose value is the <see cref="JobOptions.FairnessKey"/> of the job; also on a parameter of a record, as in
/// <c>record Import([FairnessKey] string Tenant, string File)</c>. A job whose value is <see langword="null"/> or empty has no key.
/// <see cref="JobOptions.FairnessKey"/> replaces the key for one call, and <see cref="RecurringOptions.FairnessKey"/> for a recurring job.
/// </summary>
/// <remarks>
/// Arguments have at most one such property. It needs SQLite or PostgreSQL as storage; with another one the app does not start.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter, Inherited = true)]
public sealed class FairnessKeyAttribute : Attribute;
