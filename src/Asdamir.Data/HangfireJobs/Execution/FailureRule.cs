using Hangfire;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>How failures are retried: all, or those with one type of exception.</summary>
/// <param name="Retry">The number of retries and their delays. What it says of exceptions is not read here.</param>
/// <param name="On">The type of exception; <see langword="null"/> for all that have no other rule.</param>
internal sealed record FailureRule(AutomaticRetryAttribute Retry, Type? On = null);
