namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// At most one job of this job type with the same arguments waits, is scheduled or executes at a time in the app. With
/// <see cref="UniqueKeyAttribute"/> on properties of the arguments, only these are compared. A call that would create another one gets the
/// id of the job that is there; <see cref="JobOptions.UniqueKey"/> replaces the key for one call.
/// </summary>
/// <remarks>Needs SQLite or PostgreSQL as storage; with another one the app does not start.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class UniqueAttribute : Attribute
{
    /// <summary>
    /// What a call does when another job has its key. An occurrence of a recurring job is skipped in any case. The default value is
    /// <see cref="WhenTaken.Skip"/>; <see cref="JobOptions.WhenTaken"/> replaces it for one call.
    /// </summary>
    public WhenTaken WhenTaken { get; init; }
}
