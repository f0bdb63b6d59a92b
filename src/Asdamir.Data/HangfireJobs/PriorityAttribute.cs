namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// The priority of all jobs of this job type, from 0 (first) to 9; 5 is that of a job type without the attribute.
/// <see cref="JobOptions.Priority"/> replaces it for one call, and <see cref="RecurringOptions.Priority"/> for a recurring job.
/// </summary>
/// <param name="priority">From 0 (first) to 9; another value is an error when the app starts.</param>
/// <remarks>Needs SQLite or PostgreSQL as storage; with another one the app does not start.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class PriorityAttribute(int priority) : Attribute
{
    /// <summary>The priority.</summary>
    public int Priority { get; } = priority;
}
