namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// At most one job of this job executes at a time in the whole app, on all its servers. Other jobs wait in the
/// Scheduled state: they hold no worker and use no attempt.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class ExclusiveJobAttribute : Attribute;
