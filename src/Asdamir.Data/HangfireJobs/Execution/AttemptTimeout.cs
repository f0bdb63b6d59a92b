namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>An attempt that has taken longer than its timeout.</summary>
/// <param name="Timeout">The timeout.</param>
/// <param name="KeepsOthersOff">Whether the job must not be executed beside others, or itself, while it continues.</param>
internal sealed record AttemptTimeout(TimeSpan Timeout, bool KeepsOthersOff);
