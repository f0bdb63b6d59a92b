using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Tells Hangfire's worker that the executor has moved the run to another state. A type that no job can throw.</summary>
internal sealed class RunMovedException : JobAbortedException;
