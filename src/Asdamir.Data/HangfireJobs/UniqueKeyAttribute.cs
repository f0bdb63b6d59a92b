namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// A property of the arguments by which jobs of a <see cref="UniqueAttribute">[Unique]</see> job type are compared; also on a parameter
/// of a record, as in <c>record Import([UniqueKey] int Customer, string File)</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter, Inherited = true)]
public sealed class UniqueKeyAttribute : Attribute;
